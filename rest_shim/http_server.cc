#include "rest_shim/http_server.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "rest_shim/http_connection.h"
#include "service/base/address.h"
#include "service/base/log.h"

namespace mom::rest {

using asio::ip::tcp;

namespace {

constexpr char kConfigKey[] = "rest.listen";

Status ListenError(const std::string& address, const std::string& what) {
  return Status(StatusCode::kFailedPrecondition,
                std::string(kConfigKey) + ": cannot listen on " + address + ": " + what);
}

std::string Explain(const std::string& address, const boost::system::error_code& error) {
  if (error == asio::error::address_in_use) return AddressInUse(address, kConfigKey);
  return error.message();
}

asio::awaitable<void> Serve(tcp::socket socket, HttpServer& server) {
  HttpConnection connection(std::move(socket), server);
  co_await connection.Run();
}

}  // namespace

HttpServer::HttpServer(asio::io_context& loop, HttpHandler& handler, const HttpLimits& limits)
    : loop_(loop),
      handler_(handler),
      limits_(limits),
      acceptor_(loop),
      task_ended_(loop.get_executor()),
      stop_sweep_(loop.get_executor()) {}

HttpServer::~HttpServer() = default;

Status HttpServer::Listen(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return ListenError(address, "write HOST:PORT");
  std::string host = address.substr(0, colon);
  if (host.size() > 2 && host.front() == '[') host = host.substr(1, host.size() - 2);

  boost::system::error_code error;
  tcp::resolver resolver(loop_);
  const auto found =
      resolver.resolve(host, address.substr(colon + 1),
                       tcp::resolver::passive | tcp::resolver::numeric_service, error);
  if (error) return ListenError(address, Explain(address, error));
  const tcp::endpoint endpoint = found.begin()->endpoint();
  acceptor_.open(endpoint.protocol(), error);
  if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor_.bind(endpoint, error);
  if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (error) return ListenError(address, Explain(address, error));
  port_ = acceptor_.local_endpoint().port();
  Spawn(Accept());
  Spawn(Sweep());
  return Status();
}

void HttpServer::Spawn(asio::awaitable<void> task) {
  ++tasks_;
  asio::co_spawn(loop_, std::move(task), [this](std::exception_ptr) {
    --tasks_;
    task_ended_.Set();
  });
}

asio::awaitable<void> HttpServer::Accept() {
  while (!draining_) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    tcp::socket socket = co_await acceptor_.async_accept(token);
    if (draining_) co_return;
    if (!error) {
      Spawn(Serve(std::move(socket), *this));
      continue;
    }
    // Out of file descriptors, most likely: those in use come back when their clients are served.
    const std::string text = error.message();
    Log(LogLevel::kWarning, "accept_failed", {{"error", std::string_view(text)}});
    co_await SleepUntil(Deadline::After(std::chrono::milliseconds(100)));
  }
}

asio::awaitable<void> HttpServer::Sweep() {
  const auto shortest =
      std::min({limits_.idle, limits_.header, limits_.body, limits_.write, limits_.linger});
  const std::chrono::milliseconds period =
      std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(1000));
  bool stopped = false;
  while (!stopped) {
    stopped = co_await stop_sweep_.Wait(Deadline::After(period));
    for (HttpConnection* connection : connections_) connection->CheckTime();
  }
}

asio::awaitable<void> HttpServer::Drain(Deadline deadline, std::function<void()> end_requests) {
  draining_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  for (HttpConnection* connection : connections_) connection->CloseIfIdle();
  while (tasks_ > 1) {  // all but the sweep, whose limits still hold
    task_ended_.Clear();
    const bool ended = co_await task_ended_.Wait(deadline);
    if (ended) continue;
    if (end_requests) {
      for (HttpConnection* connection : connections_) connection->EndReading();
      std::exchange(end_requests, nullptr)();
      deadline = Deadline::After(limits_.last_words);
    } else {
      for (HttpConnection* connection : connections_) connection->Close();
      deadline = Deadline::Never();
    }
  }
  stop_sweep_.Set();
  while (tasks_ > 0) {
    task_ended_.Clear();
    co_await task_ended_.Wait();
  }
}

}  // namespace mom::rest
