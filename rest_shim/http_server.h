// Listens, and keeps the connections.
#ifndef MOM_REST_SHIM_HTTP_SERVER_H_
#define MOM_REST_SHIM_HTTP_SERVER_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>

#include "rest_shim/http_exchange.h"
#include "service/base/async_event.h"
#include "service/base/deadline.h"
#include "service/base/status.h"

namespace mom::rest {

struct HttpLimits {
  std::uint32_t header_bytes = 32 * 1024;
  std::int64_t body_bytes = 32 * 1024 * 1024;
  std::size_t connections = 10'000;
  std::int64_t memory = std::int64_t{1} << 30;  // bodies of the requests under way, in bytes
  std::size_t pipelined_bytes = 64 * 1024;      // kept while a request is answered
  std::chrono::milliseconds idle{120'000};      // between requests
  std::chrono::milliseconds header{30'000};     // from a request's first byte
  std::chrono::milliseconds body{120'000};      // from the end of its header
  std::chrono::milliseconds write{120'000};     // for one write; the client does not read
  std::chrono::milliseconds linger{5'000};      // for what a refused client still sends
  std::chrono::milliseconds last_words{1'000};  // for errors to go out when a drain is over
};

class HttpConnection;

// One listening socket and its connections, all on one loop. `handler` gets every well-formed
// request. Must be drained before it is destroyed.
class HttpServer {
 public:
  HttpServer(asio::io_context& loop, HttpHandler& handler, const HttpLimits& limits);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  // Binds "HOST:PORT" (IPv6 in brackets; port 0: any free one) and starts to accept. The error's
  // text is meant for the operator.
  Status Listen(const std::string& address);
  std::uint16_t port() const { return port_; }

  // Those of time and size hold for what is begun from now on.
  void SetLimits(const HttpLimits& limits) { limits_ = limits; }

  // Stops accepting, closes idle connections, and lets the others finish. At the deadline it
  // refuses requests that are still being read, and calls `end_requests`, which is to make the
  // handlers fail and so tell their clients; who takes too long to hear it is cut. After it no
  // coroutine of the server runs.
  asio::awaitable<void> Drain(Deadline deadline, std::function<void()> end_requests);
  bool draining() const { return draining_; }

 private:
  friend class HttpConnection;
  asio::awaitable<void> Accept();
  // Enforces the connections' time limits, in steps: a timer for each would cost more than the
  // request.
  asio::awaitable<void> Sweep();
  void Spawn(asio::awaitable<void> task);

  asio::io_context& loop_;
  HttpHandler& handler_;
  HttpLimits limits_;
  asio::ip::tcp::acceptor acceptor_;
  std::uint16_t port_ = 0;
  bool draining_ = false;
  std::unordered_set<HttpConnection*> connections_;
  std::size_t turned_away_ = 0;  // of them, those beyond the limit, which are just told so
  std::int64_t held_bytes_ = 0;  // of bodies, by all connections
  int tasks_ = 0;                // coroutines that run
  AsyncEvent task_ended_;
  AsyncEvent stop_sweep_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_HTTP_SERVER_H_
