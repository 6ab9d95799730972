#include "rest_shim/http_connection.h"

#include <algorithm>
#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/field.hpp>
#include <boost/system/system_error.hpp>
#include <exception>
#include <utility>

#include "rest_shim/connection_exchange.h"
#include "service/base/ascii.h"
#include "service/base/log.h"
#include "service/base/request_id.h"

namespace mom::rest {

namespace http = boost::beast::http;
using asio::experimental::awaitable_operators::operator||;

namespace {

constexpr std::size_t kReadBytes = 16 * 1024;

// How many of those beyond the limit are told so at a time. The others just see the connection end.
constexpr std::size_t kMostTurnedAway = 64;

ApiError Overloaded(std::string message) {
  ApiError error;
  error.kind = ErrorKind::kOverloaded;
  error.message = std::move(message);
  return error;
}

std::string_view View(boost::beast::string_view text) { return {text.data(), text.size()}; }

// The path of a target; clients of proxies send the whole URL.
std::string PathOf(std::string_view target) {
  const std::size_t scheme = target.find("://");
  if (!target.starts_with('/') && scheme != std::string_view::npos) {
    const std::size_t slash = target.find('/', scheme + 3);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  return std::string(target.substr(0, target.find_first_of("?#")));
}

ApiError ErrorFor(boost::system::error_code error, const std::optional<ApiError>& interrupted) {
  if (interrupted) return *interrupted;
  ApiError out;
  if (error == http::error::body_limit) {
    out.kind = ErrorKind::kBodyTooLarge;
  } else if (error == http::error::header_limit) {
    out.kind = ErrorKind::kHeadersTooLarge;
  } else {
    out.kind = ErrorKind::kInvalidRequest;
    out.message = "This is not a valid HTTP/1.1 request; send plain HTTP, not TLS.";
  }
  return out;
}

}  // namespace

HttpConnection::HttpConnection(asio::ip::tcp::socket socket, HttpServer& server)
    : socket_(std::move(socket)), server_(server), closed_(socket_.get_executor()) {
  server_.connections_.insert(this);
}

HttpConnection::~HttpConnection() {
  server_.held_bytes_ -= held_bytes_;
  if (turned_away_) --server_.turned_away_;
  server_.connections_.erase(this);
}

asio::awaitable<void> HttpConnection::Run() {
  ErrorCode ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  bool more = server_.connections_.size() - server_.turned_away_ <= server_.limits_.connections;
  if (!more) co_await TurnAway();
  while (more) more = co_await ReadRequest() && co_await Answer();
  Close();
}

asio::awaitable<void> HttpConnection::TurnAway() {
  if (server_.turned_away_ == kMostTurnedAway) co_return;
  ++server_.turned_away_;
  turned_away_ = true;
  parser_.emplace();
  interrupted_ = Overloaded(
      "mom-rest has as many connections as `rest.max_connections` allows. Wait, then ask again.");
  const ErrorCode none;
  co_await Refuse(none);
}

void HttpConnection::Enter(Phase phase) {
  const HttpLimits& limits = server_.limits_;
  phase_ = phase;
  switch (phase) {
    case Phase::kIdle:
      deadline_ = Deadline::After(limits.idle);
      break;
    case Phase::kHeader:
      deadline_ = Deadline::After(limits.header);
      break;
    case Phase::kBody:
      deadline_ = Deadline::After(limits.body);
      break;
    case Phase::kHandling:
      deadline_ = Deadline::Never();
      break;
    case Phase::kLinger:
      deadline_ = Deadline::After(limits.linger);
      break;
  }
}

void HttpConnection::CheckTime() {
  if (!deadline_.Passed()) return;
  if (is_reading()) {
    ApiError slow;
    slow.kind = ErrorKind::kSlowRequest;
    Interrupt(std::move(slow));
  } else {
    Close();
  }
}

void HttpConnection::EndReading() {
  if (is_reading()) Interrupt(Overloaded("mom-rest is shutting down; ask again."));
}

void HttpConnection::Interrupt(ApiError why) {
  interrupted_ = std::move(why);
  ErrorCode ignored;
  socket_.cancel(ignored);
}

void HttpConnection::CloseIfIdle() {
  if (phase_ == Phase::kIdle || phase_ == Phase::kLinger) Close();
}

void HttpConnection::Close() {
  ErrorCode ignored;
  socket_.close(ignored);
  closed_.Set();
}

bool HttpConnection::Hold(std::int64_t bytes) {
  const std::int64_t others = server_.held_bytes_ - held_bytes_;
  const bool grows = bytes > held_bytes_;
  if (grows && others > 0 && others + bytes > server_.limits_.memory) return false;
  server_.held_bytes_ = others + bytes;
  held_bytes_ = bytes;
  return true;
}

std::int64_t HttpConnection::BodyBytes() const {
  const auto announced = parser_->content_length();
  const std::uint64_t here = parser_->get().body().size();
  return static_cast<std::int64_t>(announced ? std::max<std::uint64_t>(*announced, here) : here);
}

asio::awaitable<HttpConnection::ErrorCode> HttpConnection::Fill() {
  ErrorCode error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  const std::size_t size = co_await socket_.async_read_some(buffer_.prepare(kReadBytes), token);
  buffer_.commit(size);
  co_return error;
}

asio::awaitable<bool> HttpConnection::WriteAll(const std::string& head, const std::string& body) {
  ErrorCode error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  std::array<asio::const_buffer, 2> buffers;
  buffers[0] = asio::buffer(head);
  buffers[1] = asio::buffer(body);
  const Deadline before = std::exchange(deadline_, Deadline::After(server_.limits_.write));
  co_await asio::async_write(socket_, buffers, token);
  deadline_ = before;
  co_return !error;
}

asio::awaitable<bool> HttpConnection::ReadRequest() {
  parser_.emplace();
  parser_->header_limit(server_.limits_.header_bytes);
  parser_->body_limit(static_cast<std::uint64_t>(server_.limits_.body_bytes));
  parser_->eager(true);
  Enter(Phase::kIdle);
  Hold(0);
  while (true) {
    ErrorCode error;
    if (buffer_.size() > 0) {
      if (phase_ == Phase::kIdle) Enter(Phase::kHeader);
      const std::size_t used = parser_->put(buffer_.data(), error);
      buffer_.consume(used);
      if (error == http::error::need_more) error.clear();
      if (!error && parser_->is_header_done() && !Hold(BodyBytes())) {
        interrupted_ = Overloaded(
            "mom-rest holds as many bytes of requests as `rest.max_memory` allows. Wait, then send "
            "it again.");
      }
      const bool goes_well = !error && !interrupted_;
      if (goes_well && parser_->is_done()) co_return true;
      if (goes_well && phase_ == Phase::kHeader && parser_->is_header_done()) {
        Enter(Phase::kBody);
        const bool goes_on = co_await Continue();
        if (!goes_on && !interrupted_) co_return false;
      }
      if (goes_well && used > 0 && buffer_.size() > 0) continue;
    }
    const bool is_refused = error || interrupted_;
    if (!is_refused) error = co_await Fill();
    if (is_refused || interrupted_) {
      co_await Refuse(error);
      co_return false;
    }
    if (error) co_return false;  // the client has left, or the server has
  }
}

asio::awaitable<bool> HttpConnection::Continue() {
  if (!boost::beast::iequals(parser_->get()[http::field::expect], "100-continue")) co_return true;
  const std::string head = "HTTP/1.1 100 Continue\r\n\r\n";
  const std::string body;
  co_return co_await WriteAll(head, body);
}

HttpRequest HttpConnection::TakeRequest() {
  auto& message = parser_->get();
  HttpRequest request;
  request.method = View(message.method_string());
  request.path = PathOf(View(message.target()));
  for (const auto& field : message) {
    request.headers.emplace_back(LowerCase(View(field.name_string())), View(field.value()));
  }
  request.body = std::move(message.body());
  const std::string_view id = request.Header("x-request-id");
  request.id = IsValidRequestId(id) ? std::string(id) : NewRequestId();
  return request;
}

asio::awaitable<void> HttpConnection::Refuse(ErrorCode error) {
  Enter(Phase::kHandling);
  ConnectionExchange exchange(*this, TakeRequest(), parser_->get().version(),
                              /*keep_alive=*/false);
  HttpResponse response = ErrorResponse(ErrorFor(error, interrupted_));
  const bool sent = co_await exchange.Send(std::move(response));
  exchange.LogAccess(/*client_gone=*/false);
  if (sent) co_await Linger();
}

asio::awaitable<void> HttpConnection::Linger() {
  Enter(Phase::kLinger);
  ErrorCode error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  while (!error) {
    buffer_.clear();
    error = co_await Fill();
  }
}

asio::awaitable<bool> HttpConnection::Answer() {
  Enter(Phase::kHandling);
  ConnectionExchange exchange(*this, TakeRequest(), parser_->get().version(),
                              parser_->keep_alive());
  const auto first = co_await (Handle(exchange) || WatchClient());
  constexpr std::size_t kClientWent = 1;
  exchange.LogAccess(first.index() == kClientWent);
  co_return exchange.reusable() && first.index() != kClientWent && !draining();
}

asio::awaitable<void> HttpConnection::Handle(ConnectionExchange& exchange) {
  std::string failure;
  try {
    co_await server_.handler_.Handle(exchange);
  } catch (const boost::system::system_error& error) {
    if (error.code() == asio::error::operation_aborted) throw;
    failure = error.what();
  } catch (const std::exception& error) {
    failure = error.what();
  }
  if (failure.empty()) co_return;
  Log(LogLevel::kError, "handler_failed",
      {{"request_id", std::string_view(exchange.request().id)},
       {"error", std::string_view(failure)}});
  if (!exchange.untouched()) co_return;
  const ApiError internal;
  HttpResponse response = ErrorResponse(internal);
  co_await exchange.Send(std::move(response));
}

asio::awaitable<void> HttpConnection::WatchClient() {
  while (buffer_.size() < server_.limits_.pipelined_bytes) {
    const ErrorCode error = co_await Fill();
    if (error) co_return;
  }
  // So much ahead of its answers is no client's to send: its end shows when we write.
  co_await closed_.Wait();
}

}  // namespace mom::rest
