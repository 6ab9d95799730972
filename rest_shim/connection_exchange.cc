#include "rest_shim/connection_exchange.h"

#include <boost/beast/http/status.hpp>
#include <cstdio>
#include <utility>

#include "rest_shim/http_connection.h"
#include "service/base/log.h"
#include "service/base/trace_context.h"
#include "service/base/utc_time.h"

namespace mom::rest {
namespace {

constexpr int kClientGone = 499;

std::string DateNow() {
  return FormatUtc(std::chrono::system_clock::now(), "%a, %d %b %Y %H:%M:%S GMT");
}

std::string AsChunk(const std::string& bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

void AppendHeader(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).append("\r\n");
}

}  // namespace

ConnectionExchange::ConnectionExchange(HttpConnection& connection, HttpRequest request,
                                       unsigned version, bool keep_alive)
    : connection_(connection),
      request_(std::move(request)),
      version_(version),
      keep_alive_(keep_alive),
      start_(std::chrono::steady_clock::now()) {}

std::string ConnectionExchange::Head(const HttpResponse& response, bool sized) {
  status_ = response.status;
  if (connection_.draining()) keep_alive_ = false;
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " ";
  out.append(boost::beast::http::obsolete_reason(
                 boost::beast::http::int_to_status(static_cast<unsigned>(response.status))))
      .append("\r\n");
  AppendHeader(out, "date", DateNow());
  AppendHeader(out, "x-request-id", request_.id);
  if (!response.content_type.empty()) AppendHeader(out, "content-type", response.content_type);
  for (const HttpHeaders* headers : {&response.headers, &std::as_const(headers_)}) {
    for (const auto& [name, value] : *headers) AppendHeader(out, name, value);
  }
  if (!sized) {
    if (chunked_) AppendHeader(out, "transfer-encoding", "chunked");
  } else if (response.status != 204) {
    AppendHeader(out, "content-length", std::to_string(response.body.size()));
  }
  if (!keep_alive_) AppendHeader(out, "connection", "close");
  if (keep_alive_ && version_ < 11) AppendHeader(out, "connection", "keep-alive");
  return out.append("\r\n");
}

asio::awaitable<bool> ConnectionExchange::Put(const std::string& head, const std::string& body) {
  write_failed_ = !co_await connection_.WriteAll(head, body);
  if (write_failed_) co_return false;
  bytes_ += static_cast<std::int64_t>(head.size() + body.size());
  co_return true;
}

asio::awaitable<bool> ConnectionExchange::Send(HttpResponse response) {
  const std::string head = Head(response, /*sized=*/true);
  if (request_.method == "HEAD") response.body.clear();
  complete_ = co_await Put(head, response.body);
  co_return complete_;
}

void ConnectionExchange::Begin(HttpResponse head) {
  chunked_ = version_ >= 11;
  if (!chunked_) keep_alive_ = false;  // the end of the connection is the end of the message
  pending_head_ = Head(head, /*sized=*/false);
}

asio::awaitable<bool> ConnectionExchange::Write(std::string bytes) {
  if (bytes.empty()) co_return true;  // an empty chunk would end the message
  const std::string head = std::exchange(pending_head_, "");
  if (chunked_) bytes = AsChunk(bytes);
  co_return co_await Put(head, bytes);
}

asio::awaitable<bool> ConnectionExchange::End(std::string bytes) {
  const std::string head = std::exchange(pending_head_, "");
  if (chunked_) bytes = (bytes.empty() ? "" : AsChunk(bytes)) + "0\r\n\r\n";
  complete_ = co_await Put(head, bytes);
  co_return complete_;
}

void ConnectionExchange::LogAccess(bool client_gone) const {
  const std::chrono::duration<double, std::milli> latency =
      std::chrono::steady_clock::now() - start_;
  const int status = (client_gone || write_failed_) && !complete_ ? kClientGone : status_;
  const auto trace = ParseTraceparent(request_.Header("traceparent"));
  Log(LogLevel::kInfo, "request",
      {{"method", std::string_view(request_.method)},
       {"route", route_},
       {"status", static_cast<std::int64_t>(status)},
       {"bytes", bytes_},
       {"latency_ms", latency.count()},
       {"request_id", std::string_view(request_.id)},
       {"trace_id", trace ? std::string_view(trace->trace_id) : ""}});
}

}  // namespace mom::rest
