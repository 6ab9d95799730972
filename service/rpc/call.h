// The life of one RPC, from the slot that waits for it to its last completion.
#ifndef MOM_RPC_CALL_H_
#define MOM_RPC_CALL_H_

#include <grpcpp/completion_queue.h>
#include <grpcpp/server_context.h>
#include <grpcpp/support/status.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>

#include "service/base/async_event.h"
#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/base/tag_source.h"
#include "service/net/event_loop.h"
#include "service/rpc/admission.h"
#include "service/rpc/call_gate.h"

namespace mom {

class Call;

// Why a call is refused or ended while the server drains.
Status ShuttingDown();

// What the calls of one loop share. Owner: the server; outlives the calls. Thread: its loop's only.
struct CallHost {
  EventLoop& loop;
  grpc::ServerCompletionQueue& queue;
  CallGate& gate;
  Admission& admission;
  std::chrono::milliseconds slow_reader_timeout;  // a client that takes nothing so long is cut off
  std::unordered_set<Call*> calls = {};           // those being served
};

// One RPC of any shape: accepted -> Serve() as the root coroutine -> exactly one Finish, whatever
// happened. A client that leaves (or a deadline that passes) cancels the root coroutine; this is
// one of the two places that catch the operation_aborted that comes of it. A bug that throws fails
// its own call with INTERNAL. A client that does not read ends its call too: what is sent must be
// taken within the host's limit, also the very end. Owner: the coroutine of its slot, which lives
// until no completion is outstanding. Thread: its loop's only.
class Call {
 public:
  // Waits for a call, opens the next slot of the method when it comes, and serves it.
  static void Open(std::unique_ptr<Call> call);
  virtual ~Call() = default;
  Call(const Call&) = delete;
  Call& operator=(const Call&) = delete;

  grpc::ServerContext& context() { return context_; }
  const grpc::ServerContext& context() const { return context_; }
  EventLoop& loop() { return host_.loop; }
  // For the log lines of this call; empty until it is known.
  void set_request_id(std::string id) { request_id_ = std::move(id); }

  // Suspends until the request, which weighs `bytes`, may run; the call keeps its place to its end.
  // Errors and cancellation as Admission::Enter().
  asio::awaitable<Status> TakePlace(std::int64_t bytes, Deadline deadline);
  // Cancels the root coroutine; the client gets `why`, if it is still there. The first one counts.
  void Abort(Status why);
  // From here on the client has a part of the answer: a call that ends early was cut.
  void SetAnswerBegun() { answer_begun_ = true; }
  // What the client of an aborted call gets.
  Status CancelReason() const;

 protected:
  // `gated`: a request that a drain waits for, and that is refused while the server drains.
  Call(CallHost& host, bool gated);

  // Asks the queue for a call of the method.
  virtual void Request(void* tag) = 0;
  virtual std::unique_ptr<Call> NewSlot() const = 0;
  // The root coroutine.
  virtual asio::awaitable<Status> Serve() = 0;
  // Starts the one Finish. No operation is outstanding.
  virtual void Finish(const grpc::Status& status, void* tag) = 0;

  CallHost& host() const { return host_; }
  // The tag of the one operation that may be outstanding while the call is served: a read, which
  // may take its time, or a write, which the client must take within the host's limit.
  void* ReadTag();
  void* WriteTag();
  bool outstanding() const { return op_.outstanding(); }
  // Suspends until the operation under way, if any, is over. kCancelled: it failed, as the client
  // is gone or, of a read, has no more to say. kDeadlineExceeded: the client did not take what was
  // written until `deadline` (DEADLINE) or within the host's limit (SLOW_READER); it is still under
  // way, and the call must end. Cancellation: throws.
  asio::awaitable<Status> OperationOver(Deadline deadline = Deadline::Never());

 private:
  static asio::awaitable<void> Live(std::unique_ptr<Call> call);
  asio::awaitable<void> Answer();
  asio::awaitable<Status> ServeAsRoot();
  asio::awaitable<void> WaitOrCutOff();
  // Whether the time that the client gives the call is up.
  bool TimeIsUp() const;
  Status Bug(const char* what) const;

  CallHost& host_;
  const bool gated_;
  grpc::ServerContext context_;
  TagOp op_;
  Deadline taken_by_;  // of `op_`
  TagOp done_;
  AsyncEvent over_;  // set when `done_` came
  asio::cancellation_signal cancel_;
  Deadline::Clock::time_point accepted_;
  std::optional<Status> abort_;
  bool answer_begun_ = false;
  std::string request_id_;
  std::optional<Admission::Place> place_;
};

}  // namespace mom

#endif  // MOM_RPC_CALL_H_
