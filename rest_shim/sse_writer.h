// Writes a stream of server-sent events, in the minimal form that every client takes.
#ifndef MOM_REST_SHIM_SSE_WRITER_H_
#define MOM_REST_SHIM_SSE_WRITER_H_

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>
#include <string_view>

#include "rest_shim/http_exchange.h"
#include "service/base/deadline.h"

namespace mom::rest {

// Holds the status line back until there is something to say or `commit_after` has passed, so that
// an early failure can still be a real HTTP error. Only `data:` lines and comments are written: an
// `id:`, `retry:` or `event:` breaks one client or another. Where a method gives false the client
// is gone. One coroutine uses it at a time.
class SseWriter {
 public:
  SseWriter(HttpExchange& exchange, std::chrono::milliseconds commit_after,
            std::chrono::milliseconds keep_alive);

  // Whether the 200 is out.
  bool committed() const { return committed_; }
  // Of the 200; ignored when that is out.
  void AddHeader(std::string name, std::string value);

  // When Tick() is due.
  Deadline due() const { return due_; }
  // Breaks a silence: commits, or writes a keep-alive comment.
  asio::awaitable<bool> Tick();

  // Adds an event, whose data is one line of JSON, to what Flush() or End() writes.
  void Add(std::string_view json);
  asio::awaitable<bool> Flush();
  // Writes what was added, `[DONE]` and the end of the message.
  asio::awaitable<bool> End();

 private:
  void Commit();

  HttpExchange& exchange_;
  const std::chrono::milliseconds keep_alive_;
  HttpHeaders headers_;
  bool committed_ = false;
  Deadline due_;
  std::string pending_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_SSE_WRITER_H_
