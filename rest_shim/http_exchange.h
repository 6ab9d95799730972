// One HTTP request and the way to answer it: all that the handlers know of HTTP.
#ifndef MOM_REST_SHIM_HTTP_EXCHANGE_H_
#define MOM_REST_SHIM_HTTP_EXCHANGE_H_

#include <boost/asio/awaitable.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mom::rest {

namespace asio = boost::asio;

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method;   // "POST"
  std::string path;     // as it came, without the query
  HttpHeaders headers;  // names in lower case
  std::string body;
  std::string id;  // the client's x-request-id where that is a valid one, else a new one

  // The first header of that name (in lower case); empty where there is none.
  std::string_view Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return "";
  }
};

// Content-Length, connection, date and x-request-id are added by the connection.
struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";  // empty: no body
  HttpHeaders headers;
  std::string body;
};

// Answered either by Send() once, or by Begin(), Write()s and End(). An exchange that is left
// after Begin() without End() ends the connection in the middle of the message, so that the client
// sees it cut. Where a method gives false the client is gone. Thread: its loop's only. The handler
// is cancelled when the client goes.
class HttpExchange {
 public:
  virtual ~HttpExchange() = default;

  virtual const HttpRequest& request() const = 0;
  // For the handler's own use of the body; it is not needed afterwards.
  virtual std::string TakeBody() = 0;
  // The route's pattern, for the access log.
  virtual void SetRoute(std::string_view route) = 0;
  // Goes into whatever response is sent later.
  virtual void AddHeader(std::string name, std::string value) = 0;

  virtual asio::awaitable<bool> Send(HttpResponse response) = 0;
  // Sets status and headers of a response whose length is not known; they go out with the first
  // Write(), in one piece.
  virtual void Begin(HttpResponse head) = 0;
  // Suspends until the client's socket took the bytes.
  virtual asio::awaitable<bool> Write(std::string bytes) = 0;
  // Writes the last bytes and the end of the message.
  virtual asio::awaitable<bool> End(std::string bytes) = 0;
};

// Answers requests. Thread: its loop's only; many exchanges are handled at a time.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;
  // `exchange` outlives the coroutine.
  virtual asio::awaitable<void> Handle(HttpExchange& exchange) = 0;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_HTTP_EXCHANGE_H_
