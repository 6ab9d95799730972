#include "service/net/curl_http_client.h"

#include <gmock/gmock.h>
#include <cstdlib>
#include <vector>

#include "service/net/fan_out.h"
#include "tests/net/gzip.h"
#include "tests/net/http_test.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::Pair;
using ::testing::StartsWith;

using CurlHttpClientTest = HttpTest;

TEST_F(CurlHttpClientTest, SendsTheRequestAsGiven) {
  std::string seen;
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      seen = co_await connection.ReadRequest();
      co_await connection.Write(ResponseOf("ok"));
    });
    HttpRequest request = Post(server.Url(), std::string("a\0b", 3));
    request.headers.emplace_back("X-Empty", "");
    request.headers.emplace_back("Accept", "text/event-stream");
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    EXPECT_TRUE(response.ok());
  };
  Drive(test);
  EXPECT_THAT(seen, StartsWith("POST /v1/x HTTP/1.1\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nContent-Type: application/json\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nX-Empty:\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nUser-Agent: mom\r\n"));
  EXPECT_THAT(seen, HasSubstr("\r\nAccept-Encoding: identity\r\n"));
  EXPECT_THAT(seen, HasSubstr(std::string("\r\n\r\na\0b", 7)));
  EXPECT_THAT(seen, Not(HasSubstr("Expect:")));
}

TEST_F(CurlHttpClientTest, SendsABodyLargerThanTheSocketBuffers) {
  const std::string body(8 * 1024 * 1024, 'b');
  std::size_t seen = 0;
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      seen = (co_await connection.ReadRequest()).size();
      co_await connection.Write(ResponseOf("ok"));
    });
    HttpRequest request = Post(server.Url(), body);
    EXPECT_TRUE((co_await client_.Send(std::move(request), Deadline::Never())).ok());
  };
  Drive(test);
  EXPECT_GT(seen, body.size());
}

TEST_F(CurlHttpClientTest, GetHasNoBody) {
  std::string seen;
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      seen = co_await connection.ReadRequest();
      co_await connection.Write(ResponseOf("ok"));
    });
    HttpRequest request;
    request.method = "GET";
    request.url = server.Url();
    EXPECT_TRUE((co_await client_.Send(std::move(request), Deadline::Never())).ok());
  };
  Drive(test);
  EXPECT_THAT(seen, StartsWith("GET /v1/x HTTP/1.1\r\n"));
  EXPECT_THAT(seen, Not(HasSubstr("Content-")));
}

TEST_F(CurlHttpClientTest, GivesStatusHeadersAndBody) {
  const Outcome outcome = Exchange(
      Always("HTTP/1.1 429 Too Many\r\nRetry-After:  7 \r\nX-Two: a\r\nx-two: b\r\nEMPTY:\r\n"
             "X-Fold: a\r\n  b\r\nContent-Length: 4\r\n\r\nslow"));
  EXPECT_EQ(outcome.status, 429);
  EXPECT_THAT(outcome.headers,
              ElementsAre(Pair("retry-after", "7"), Pair("x-two", "a"), Pair("x-two", "b"),
                          Pair("empty", ""), Pair("x-fold", "a b"), Pair("content-length", "4")));
  EXPECT_EQ(outcome.body.bytes, "slow");
  EXPECT_TRUE(outcome.body.status.ok());
}

TEST_F(CurlHttpClientTest, ReadsAChunkedBodyAndDropsInterimResponsesAndTrailers) {
  const Outcome outcome = Exchange(
      Always("HTTP/1.1 100 Continue\r\nX-Interim: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n"
             "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
             "3;ext=1\r\nabc\r\n1\r\nd\r\n0\r\nX-Trailer: 1\r\n\r\n"));
  EXPECT_EQ(outcome.status, 200);
  EXPECT_THAT(outcome.headers, ElementsAre(Pair("transfer-encoding", "chunked")));
  EXPECT_EQ(outcome.body.bytes, "abcd");
  EXPECT_TRUE(outcome.body.status.ok());
}

TEST_F(CurlHttpClientTest, ReadsABodyThatTheCloseEnds) {
  const Outcome outcome = Exchange([](RawConnection& connection, int) -> asio::awaitable<void> {
    co_await connection.ReadRequest();
    co_await connection.Write("HTTP/1.1 200 OK\r\n\r\nto the end");
  });
  EXPECT_EQ(outcome.body.bytes, "to the end");
  EXPECT_TRUE(outcome.body.status.ok());
}

TEST_F(CurlHttpClientTest, ReadsAResponseOfOneByteWrites) {
  const Outcome outcome = Exchange([](RawConnection& connection, int) -> asio::awaitable<void> {
    co_await connection.ReadRequest();
    const std::string response = ResponseOf("\xF0\x9F\x98\x80");
    for (std::size_t i = 0; i < response.size(); ++i) {
      co_await connection.Write(response.substr(i, 1));
    }
  });
  EXPECT_EQ(outcome.body.bytes, "\xF0\x9F\x98\x80");
}

TEST_F(CurlHttpClientTest, AnEmptyBodyEndsAtOnce) {
  const Outcome outcome = Exchange(Always("HTTP/1.1 204 No Content\r\n\r\n"));
  EXPECT_EQ(outcome.status, 204);
  EXPECT_EQ(outcome.body.bytes, "");
  EXPECT_TRUE(outcome.body.status.ok());
}

TEST_F(CurlHttpClientTest, UsesAConnectionAgain) {
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, Always(ResponseOf("ok")));
    for (int i = 0; i < 5; ++i) {
      HttpRequest request = Post(server.Url());
      auto response = co_await client_.Send(std::move(request), Deadline::Never());
      EXPECT_EQ((co_await ReadAll(*response.value().body)).bytes, "ok");
    }
    EXPECT_EQ(server.accepted(), 1);
  };
  Drive(test);
}

TEST_F(CurlHttpClientTest, RunsManyTransfersAtOnce) {
  constexpr int kTransfers = 100;
  auto fetch = [this](std::string url) -> asio::awaitable<std::string> {
    HttpRequest request = Post(url);
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    const WholeBody whole = co_await ReadAll(*response.value().body);
    co_return whole.bytes;
  };
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, Always(ResponseOf(std::string(100'000, 'x'))));
    FanOut<std::string> all(context_.get_executor());
    for (int i = 0; i < kTransfers; ++i) all.Add(fetch(server.Url()));
    for (int i = 0; i < kTransfers; ++i) {
      const auto result = co_await all.Next();
      EXPECT_EQ(result.value().value.size(), 100'000U);
    }
  };
  Drive(test);
}

TEST_F(CurlHttpClientTest, AnIdleConnectionThatTheServerClosedIsReplaced) {
  auto test = [&]() -> asio::awaitable<void> {
    AsyncEvent closed(context_.get_executor());
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.ReadRequest();
      co_await connection.Write(ResponseOf("ok"));
      connection.Close();
      closed.Set();
    });
    for (int i = 0; i < 2; ++i) {
      closed.Clear();
      HttpRequest request = Post(server.Url());
      auto response = co_await client_.Send(std::move(request), Deadline::Never());
      EXPECT_EQ((co_await ReadAll(*response.value().body)).bytes, "ok");
      co_await closed.Wait();
    }
    EXPECT_EQ(server.accepted(), 2);
  };
  Drive(test);
}

// The server may have taken the request, so libcurl must not send it again by itself.
TEST_F(CurlHttpClientTest, AnIdleConnectionThatBreaksUnderTheRequestIsAFailure) {
  int requests = 0;
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.ReadRequest();
      ++requests;
      co_await connection.Write(ResponseOf("ok"));
      co_await connection.ReadRequest();  // and closes without a byte
      ++requests;
    });
    HttpRequest first = Post(server.Url());
    auto answered = co_await client_.Send(std::move(first), Deadline::Never());
    EXPECT_EQ((co_await ReadAll(*answered.value().body)).bytes, "ok");
    HttpRequest second = Post(server.Url());
    auto broken = co_await client_.Send(std::move(second), Deadline::Never());
    EXPECT_EQ(ReasonOf(broken.status()), reason::kUpstreamConnectionLost);
    EXPECT_FALSE(IsSurelyUnsent(broken.status()));
    EXPECT_EQ(GetErrorInfo(broken.status()).metadata["kept_connection"], "true");
  };
  Drive(test);
  EXPECT_EQ(requests, 2);
}

TEST_F(CurlHttpClientTest, NeverFollowsARedirect) {
  auto test = [&]() -> asio::awaitable<void> {
    RawServer target(context_, Always(ResponseOf("stolen")));
    RawServer server(context_, Always("HTTP/1.1 307 Temporary Redirect\r\nLocation: " +
                                      target.Url() + "\r\nContent-Length: 0\r\n\r\n"));
    HttpRequest request = Post(server.Url());
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    EXPECT_EQ(response.value().status, 307);
    EXPECT_EQ(response->Header("location"), target.Url());
    co_await ReadAll(*response->body);
    EXPECT_EQ(target.accepted(), 0);
  };
  Drive(test);
}

TEST_F(CurlHttpClientTest, DecodesGzip) {
  const Outcome outcome =
      Exchange(Always(ResponseOf(Gzip("plain text"), "Content-Encoding: gzip\r\n")));
  EXPECT_EQ(outcome.body.bytes, "plain text");
  EXPECT_TRUE(outcome.body.status.ok());
}

TEST_F(CurlHttpClientTest, AProxyOfTheEnvironmentIsNotUsedForLoopback) {
  setenv("http_proxy", "http://127.0.0.1:1", 1);
  setenv("no_proxy", "", 1);
  const Outcome outcome = Exchange(Always(ResponseOf("direct")));
  unsetenv("http_proxy");
  unsetenv("no_proxy");
  EXPECT_EQ(outcome.body.bytes, "direct");
}

std::vector<HttpRequest> RefusedRequests() {
  std::vector<HttpRequest> refused;
  const std::string nul("secret\0", 7);
  for (const std::string& value : {std::string("secret\r\nX: y"), std::string("secret\n"),
                                   std::string("\rsecret"), nul, std::string("secret\xC3\xA4")}) {
    refused.push_back(Post("http://127.0.0.1:1/"));
    refused.back().headers.emplace_back("Authorization", value);
  }
  for (const std::string name : {"", "a b", "a:b", "a\r\nb"}) {
    refused.push_back(Post("http://127.0.0.1:1/"));
    refused.back().headers.emplace_back(name, "x");
  }
  for (const std::string& url :
       {std::string(), std::string("127.0.0.1:1/"), std::string("ftp://127.0.0.1:1/"),
        std::string("file:///etc/passwd"), std::string("http://127.0.0.1:1/\r\nsecret"),
        std::string("http://127.0.0.1:99999/"), "http://127.0.0.1:1/" + nul}) {
    refused.push_back(Post(url));
  }
  refused.push_back(Post("http://127.0.0.1:1/"));
  refused.back().method = "GET / HTTP/1.1\r\n";
  return refused;
}

TEST_F(CurlHttpClientTest, RequestsThatMayNotBeSentAreInvalidArguments) {
  auto test = [&]() -> asio::awaitable<void> {
    std::vector<HttpRequest> refused = RefusedRequests();
    for (HttpRequest& request : refused) {
      const std::string url = request.url;
      const auto response = co_await client_.Send(std::move(request), Deadline::Never());
      EXPECT_EQ(response.status().code(), StatusCode::kInvalidArgument) << url;
      EXPECT_THAT(MessageOf(response.status()), Not(HasSubstr("secret")));
    }
  };
  Drive(test);
}

}  // namespace
}  // namespace mom::testing
