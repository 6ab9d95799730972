// The exchange of one request on its connection: writes HTTP/1.1 responses.
#ifndef MOM_REST_SHIM_CONNECTION_EXCHANGE_H_
#define MOM_REST_SHIM_CONNECTION_EXCHANGE_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "rest_shim/http_exchange.h"

namespace mom::rest {

class HttpConnection;

class ConnectionExchange final : public HttpExchange {
 public:
  // `keep_alive`: whether the client would go on; `version`: 10 or 11.
  ConnectionExchange(HttpConnection& connection, HttpRequest request, unsigned version,
                     bool keep_alive);

  const HttpRequest& request() const override { return request_; }
  std::string TakeBody() override { return std::move(request_.body); }
  void SetRoute(std::string_view route) override { route_ = route; }
  void AddHeader(std::string name, std::string value) override {
    headers_.emplace_back(std::move(name), std::move(value));
  }
  asio::awaitable<bool> Send(HttpResponse response) override;
  void Begin(HttpResponse head) override;
  asio::awaitable<bool> Write(std::string bytes) override;
  asio::awaitable<bool> End(std::string bytes) override;

  // Whether nothing was sent yet.
  bool untouched() const { return status_ == 0; }
  // Whether the whole response was sent and the connection may take another request.
  bool reusable() const { return complete_ && keep_alive_; }
  // One line for this request; 499 where the client went before the end, as was seen from here or
  // by the caller.
  void LogAccess(bool client_gone) const;

 private:
  std::string Head(const HttpResponse& response, bool sized);
  asio::awaitable<bool> Put(const std::string& head, const std::string& body);

  HttpConnection& connection_;
  HttpRequest request_;
  const unsigned version_;
  bool keep_alive_;
  std::string_view route_ = "-";  // patterns are constants
  HttpHeaders headers_;
  std::string pending_head_;  // of Begin(), until the first bytes
  int status_ = 0;
  bool chunked_ = false;
  bool complete_ = false;
  bool write_failed_ = false;
  std::int64_t bytes_ = 0;
  const std::chrono::steady_clock::time_point start_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_CONNECTION_EXCHANGE_H_
