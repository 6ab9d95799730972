// What the tests of the HTTP client share.
#ifndef MOM_TESTS_NET_HTTP_TEST_H_
#define MOM_TESTS_NET_HTTP_TEST_H_

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <string>
#include <utility>

#include "service/base/reasons.h"
#include "service/net/curl_http_client.h"
#include "tests/net/raw_server.h"
#include "tests/testing/run.h"

namespace mom::testing {

// No test depends on how fast a connection is set up, unless it says so.
inline HttpRequest Post(std::string url, std::string body = "{}") {
  HttpRequest request;
  request.url = std::move(url);
  request.connect_timeout = std::chrono::hours(1);
  request.headers.emplace_back("Content-Type", "application/json");
  request.body = std::move(body);
  return request;
}

inline std::string ResponseOf(std::string_view body, std::string_view headers = "") {
  std::string response = "HTTP/1.1 200 OK\r\n";
  response.append(headers);
  response.append("Content-Length: " + std::to_string(body.size()) + "\r\n\r\n");
  response.append(body);
  return response;
}

// Answers every request of a connection with `response`.
inline RawServer::Script Always(std::string response) {
  return [response](RawConnection& connection, int) -> asio::awaitable<void> {
    while (true) {
      co_await connection.ReadRequest();
      co_await connection.Write(response);
    }
  };
}

// What came of the body, and how it ended.
struct WholeBody {
  std::string bytes;
  Status status;
};

inline asio::awaitable<WholeBody> ReadAll(HttpBody& body) {
  WholeBody whole;
  while (true) {
    const auto chunk = co_await body.Next(Deadline::Never());
    whole.status = chunk.status();
    if (!chunk.ok() || !*chunk) co_return whole;
    EXPECT_FALSE((*chunk)->empty());
    whole.bytes += **chunk;
  }
}

inline std::string ReasonOf(const Status& status) { return GetErrorInfo(status).reason; }

inline bool IsSurelyUnsent(const Status& status) {
  const ErrorInfo info = GetErrorInfo(status);
  const auto it = info.metadata.find("request_sent");
  return it != info.metadata.end() && it->second == "false";
}

// One loop with a client. After each test no transfer is left, and nothing that keeps the loop
// busy.
class HttpTest : public ::testing::Test {
 protected:
  explicit HttpTest(HttpClientOptions options = {}) : client_(context_, std::move(options)) {}

  template <typename Test>
  void Drive(Test& test) {
    RunOn(context_, test());
    EXPECT_EQ(client_.active_transfers(), 0);
  }

  // Sends one request to a server with that script; its response's body is read to the end.
  struct Outcome {
    Status sent;  // of Send()
    int status = 0;
    HttpHeaders headers;
    WholeBody body;
    int accepted = 0;
  };
  Outcome Exchange(RawServer::Script script, const std::string& scheme = "http") {
    Outcome outcome;
    auto test = [&]() -> asio::awaitable<void> {
      RawServer server(context_, std::move(script));
      HttpRequest request = Post(server.Url(scheme));
      auto response = co_await client_.Send(std::move(request), Deadline::Never());
      outcome.sent = response.status();
      if (response.ok()) {
        outcome.status = response->status;
        outcome.headers = response->headers;
        outcome.body = co_await ReadAll(*response->body);
      }
      outcome.accepted = server.accepted();
    };
    Drive(test);
    return outcome;
  }

  asio::io_context context_;
  CurlHttpClient client_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_NET_HTTP_TEST_H_
