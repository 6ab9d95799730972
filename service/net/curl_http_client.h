// HttpClient over libcurl.
#ifndef MOM_NET_CURL_HTTP_CLIENT_H_
#define MOM_NET_CURL_HTTP_CLIENT_H_

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "service/net/http_client.h"

namespace mom {

class CurlMulti;

// Part `upstream` of the config's `server` section.
struct HttpClientOptions {
  long max_idle_connections = 1024;
  // Most decompressed bytes of one response body; and at most a hundred times what came of it, a
  // read of 16 KiB more, lest unpacking it hold the loop up.
  std::int64_t max_response_bytes = 16 * 1024 * 1024;
  // Most bytes buffered for a reader that does not read.
  std::int64_t buffer_bytes = 256 * 1024;
  std::string user_agent = "mom";
  bool operator==(const HttpClientOptions&) const = default;
};

// A request has its connection to itself, over HTTP/2 too: so a reader that pauses holds up nobody
// else, and closing the connection is a cancel that every server understands (this version of
// libcurl keeps a RST_STREAM back until it has something else to send). What an HTTP/2 server
// refuses unprocessed (REFUSED_STREAM) is sent again on a new connection, 5 times at most. Thread:
// its loop's only. Lifetime: bodies that frames of the loop still hold when it goes keep what they
// need; they may go as late as with the loop itself.
class CurlHttpClient final : public HttpClient {
 public:
  CurlHttpClient(asio::io_context& loop, HttpClientOptions options);
  ~CurlHttpClient() override;

  asio::awaitable<StatusOr<HttpResponse>> Send(HttpRequest request, Deadline deadline) override;

  // Transfers that are not over: for tests of leaks.
  int active_transfers() const;

 private:
  HttpClientOptions options_;
  std::shared_ptr<CurlMulti> multi_;
};

}  // namespace mom

#endif  // MOM_NET_CURL_HTTP_CLIENT_H_
