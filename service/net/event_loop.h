// The threads on which requests live.
#ifndef MOM_NET_EVENT_LOOP_H_
#define MOM_NET_EVENT_LOOP_H_

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <thread>
#include <vector>

#include "service/base/tag_source.h"
#include "service/net/curl_http_client.h"

namespace mom {

// One thread, one io_context, one HTTP client with its connections, one inbox for gRPC's tags. A
// request lives on one loop from its start to its end, so its state needs no lock. The HTTP client
// goes on the loop's own thread, after the last handler has run.
class EventLoop {
 public:
  explicit EventLoop(const HttpClientOptions& options);
  ~EventLoop();  // Stop() and wait.
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  asio::io_context& context() { return context_; }
  // For code on this loop.
  HttpClient& http() { return *http_; }
  TagInbox& inbox() { return inbox_; }
  // Lets the thread end when no work is left. Thread-safe.
  void Stop();

 private:
  asio::io_context context_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  TagInbox inbox_;
  std::unique_ptr<CurlHttpClient> http_;
  std::thread thread_;
};

// A fixed set of loops, handed out in turn.
class EventLoopPool {
 public:
  EventLoopPool(int threads, const HttpClientOptions& options);
  // Thread-safe.
  EventLoop& Pick();
  int size() const { return static_cast<int>(loops_.size()); }
  EventLoop& at(int index) { return *loops_[static_cast<std::size_t>(index)]; }
  std::vector<asio::any_io_executor> executors() const;

 private:
  std::vector<std::unique_ptr<EventLoop>> loops_;
  std::atomic<unsigned> next_{0};
};

}  // namespace mom

#endif  // MOM_NET_EVENT_LOOP_H_
