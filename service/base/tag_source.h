// Brings the completions of a queue that is polled by a thread of its own (gRPC's completion queue)
// to the loops whose coroutines wait for them.
#ifndef MOM_BASE_TAG_SOURCE_H_
#define MOM_BASE_TAG_SOURCE_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "service/base/async_event.h"

namespace mom {

class TagOp;

// The hand-off queue of one loop: the only lock in the path of a request. A batch of completions
// costs one wake-up. Thread-safe.
class TagInbox {
 public:
  explicit TagInbox(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  TagInbox(const TagInbox&) = delete;
  TagInbox& operator=(const TagInbox&) = delete;

  // Called by the polling thread.
  void Push(TagOp* op, bool ok);
  const asio::any_io_executor& executor() const { return executor_; }

 private:
  void Drain();
  asio::any_io_executor executor_;
  std::mutex mutex_;
  std::vector<std::pair<TagOp*, bool>> pending_;   // guarded by mutex_
  std::vector<std::pair<TagOp*, bool>> draining_;  // the loop's only
};

// One operation whose completion the queue reports by this object's address. Owner: the call
// object; it must outlive the completion. Thread: its loop's only. May be used again after Wait().
class TagOp {
 public:
  explicit TagOp(TagInbox& inbox) : inbox_(inbox), event_(inbox.executor()) {}
  TagOp(const TagOp&) = delete;
  TagOp& operator=(const TagOp&) = delete;

  // What to hand to the queue. From here to the completion the operation is outstanding.
  void* Tag() {
    event_.Clear();
    outstanding_ = true;
    return this;
  }
  bool outstanding() const { return outstanding_; }
  // Of the last completion.
  bool ok() const { return ok_; }
  // Called at the completion on the loop, instead of waking a waiter.
  void OnComplete(std::function<void(bool ok)> callback) { callback_ = std::move(callback); }
  // Suspends until the completion and gives its `ok`. Cancellation: throws, and the operation stays
  // outstanding: the owner must make the queue end it (TryCancel) and wait for it elsewhere.
  asio::awaitable<bool> Wait() {
    co_await event_.Wait();
    co_return ok_;
  }
  // The same up to a deadline: false where that comes first and the operation stays outstanding.
  asio::awaitable<bool> WaitUntil(Deadline deadline) { return event_.Wait(deadline); }

 private:
  friend class TagInbox;
  friend class TagSource;
  TagInbox& inbox_;
  AsyncEvent event_;
  std::function<void(bool)> callback_;
  bool outstanding_ = false;
  bool ok_ = false;
};

// The queue, as the polling thread sees it. An interface, so that the hand-off is tested without
// gRPC.
class TagPoller {
 public:
  virtual ~TagPoller() = default;
  // Blocks until a completion is there; false when the queue is shut down and drained.
  virtual bool Next(void** tag, bool* ok) = 0;
};

// The polling thread: exactly one for each queue (two are slower: docs/adr). Runs from Start() to
// the queue's shutdown; Join() waits for that.
class TagSource {
 public:
  explicit TagSource(std::unique_ptr<TagPoller> poller) : poller_(std::move(poller)) {}
  ~TagSource() { Join(); }
  void Start();
  void Join();

 private:
  std::unique_ptr<TagPoller> poller_;
  std::thread thread_;
};

}  // namespace mom

#endif  // MOM_BASE_TAG_SOURCE_H_
