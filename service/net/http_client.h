// The HTTP client of the gateway, as the layers above see it.
#ifndef MOM_NET_HTTP_CLIENT_H_
#define MOM_NET_HTTP_CLIENT_H_

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/base/deadline.h"
#include "service/base/status.h"

namespace mom {

namespace asio = boost::asio;

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

// What to send. Header values may hold keys: never log them.
struct HttpRequest {
  std::string method = "POST";
  std::string url;
  HttpHeaders headers;
  std::string body;
  // Most time to set up the connection (name look-up, TCP, TLS).
  std::chrono::milliseconds connect_timeout{5000};
  // File of the certificates (PEM) that are trusted in place of the system's; empty: the system's.
  std::string ca_file;
  // Over TLS, HTTP/2 where the server speaks it.
  bool http2 = false;
};

// The body of a response, pulled. Destroying it ends the transfer at once; if it was not read to
// its end the connection is closed, which tells the server to stop.
class HttpBody {
 public:
  virtual ~HttpBody() = default;
  // The next bytes as they came (at least one); nullopt at the proper end of the message;
  // kDeadlineExceeded when `deadline` passes first (the body can be read on); kUnavailable with
  // reason UPSTREAM_CONNECTION_LOST where the connection broke; kResourceExhausted where more than
  // the limit of decompressed bytes came. At most one call may be outstanding.
  // Back-pressure: while nobody reads, at most 256 KiB are buffered and the transfer is paused.
  // Cancellation: throws boost::system::system_error(operation_aborted).
  virtual asio::awaitable<StatusOr<std::optional<std::string>>> Next(Deadline deadline) = 0;
};

// A response whose status line and headers have come. Any status is a success here: what a 404
// means is the caller's business.
struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  // names in lower case
  std::unique_ptr<HttpBody> body;

  // The first value under `name` (lower case); empty where there is none.
  std::string_view Header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

// Sends requests. One object serves one loop; all calls on that loop. Redirects are never followed,
// certificates always checked.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  // Suspends until the headers have come. Errors, each kUnavailable unless said otherwise, reasons:
  // UPSTREAM_DNS, UPSTREAM_CONNECT (metadata "request_sent"="false": certain that the server saw
  // nothing), UPSTREAM_TLS (kFailedPrecondition), UPSTREAM_CONNECTION_LOST (it may have seen the
  // request; metadata "kept_connection"="true": the connection was of an earlier request, so it may
  // well have been closed as idle), UPSTREAM_PROTOCOL (not HTTP, or a body encoded unasked),
  // UPSTREAM_TOO_LARGE (kResourceExhausted: over 64 KiB of headers); CONNECT_TIMEOUT and DEADLINE
  // (kDeadlineExceeded); kInvalidArgument for a URL that is not http or https and for headers that
  // may not be sent. The metadata "request_sent"="false" is on every error of which it is certain.
  // What the server may have seen is never sent again.
  // The object must outlive the response's body.
  // Cancellation: throws, and the transfer is gone.
  virtual asio::awaitable<StatusOr<HttpResponse>> Send(HttpRequest request, Deadline deadline) = 0;
};

}  // namespace mom

#endif  // MOM_NET_HTTP_CLIENT_H_
