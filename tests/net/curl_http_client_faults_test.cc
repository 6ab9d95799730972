// What a provider, or the way to it, can do wrong.
#include <gmock/gmock.h>

#include "service/base/async_event.h"
#include "tests/net/gzip.h"
#include "tests/net/http_test.h"
#include "tests/net/tls_server.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals only
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr char kHead[] = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n";

// Reads the request, says `bytes` and closes.
RawServer::Script Once(std::string bytes) {
  return [bytes](RawConnection& connection, int) -> asio::awaitable<void> {
    co_await connection.ReadRequest();
    co_await connection.Write(bytes);
  };
}

HttpClientOptions SmallLimits() {
  HttpClientOptions options;
  options.max_response_bytes = 1'000'000;
  options.buffer_bytes = 100'000;
  return options;
}

class HttpFaultsTest : public HttpTest {
 protected:
  HttpFaultsTest() : HttpTest(SmallLimits()) {}
};

TEST_F(HttpFaultsTest, ConnectionRefused) {
  auto test = [&]() -> asio::awaitable<void> {
    std::string url;
    {
      RawServer gone(context_, Always(""));
      url = gone.Url();
    }
    HttpRequest request = Post(url);
    const auto response = co_await client_.Send(std::move(request), Deadline::Never());
    EXPECT_EQ(response.status().code(), StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(response.status()), reason::kUpstreamConnect);
    EXPECT_EQ(MessageOf(response.status()), "nobody listens there");
    EXPECT_TRUE(IsSurelyUnsent(response.status()));
  };
  Drive(test);
}

// A request on a fresh connection may have been seen and billed: never sent again from here.
TEST_F(HttpFaultsTest, ResetBeforeTheResponse) {
  const Outcome outcome = Exchange([](RawConnection& connection, int) -> asio::awaitable<void> {
    co_await connection.ReadRequest();
    connection.Reset();
  });
  EXPECT_EQ(outcome.sent.code(), StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamConnectionLost);
  EXPECT_FALSE(IsSurelyUnsent(outcome.sent));
  EXPECT_EQ(outcome.accepted, 1);
}

TEST_F(HttpFaultsTest, ClosedBeforeTheResponse) {
  const Outcome outcome = Exchange(Once(""));
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamConnectionLost);
  EXPECT_FALSE(IsSurelyUnsent(outcome.sent));
  EXPECT_EQ(outcome.accepted, 1);
}

TEST_F(HttpFaultsTest, ResetInTheBodyAfterTheFirstBytes) {
  auto test = [&]() -> asio::awaitable<void> {
    AsyncEvent read(context_.get_executor());
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.ReadRequest();
      co_await connection.Write(std::string(kHead) + "half");
      co_await read.Wait();
      connection.Reset();
    });
    HttpRequest request = Post(server.Url());
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    const auto first = co_await response.value().body->Next(Deadline::Never());
    EXPECT_EQ(first.value().value(), "half");
    read.Set();
    const auto second = co_await response->body->Next(Deadline::Never());
    EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(second.status()), reason::kUpstreamConnectionLost);
  };
  Drive(test);
}

TEST_F(HttpFaultsTest, FewerBytesThanAnnounced) {
  const Outcome outcome = Exchange(Once(std::string(kHead) + "half"));
  EXPECT_EQ(outcome.body.bytes, "half");
  EXPECT_EQ(ReasonOf(outcome.body.status), reason::kUpstreamConnectionLost);
}

TEST_F(HttpFaultsTest, MoreBytesThanAnnounced) {
  const Outcome outcome = Exchange(Once(std::string(kHead) + "0123456789 and more"));
  EXPECT_EQ(outcome.body.bytes, "0123456789");
  EXPECT_TRUE(outcome.body.status.ok());
}

TEST_F(HttpFaultsTest, ChunkedBodyWithoutItsEnd) {
  const Outcome outcome =
      Exchange(Once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n"));
  EXPECT_EQ(outcome.body.bytes, "half");
  EXPECT_EQ(ReasonOf(outcome.body.status), reason::kUpstreamConnectionLost);
}

TEST_F(HttpFaultsTest, ChunkedBodyWithAMalformedSize) {
  const Outcome outcome =
      Exchange(Once("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\n"));
  EXPECT_EQ(outcome.body.bytes, "half");
  EXPECT_FALSE(outcome.body.status.ok());
}

TEST_F(HttpFaultsTest, NotHttp) {
  const Outcome outcome = Exchange(Once("SSH-2.0-OpenSSH\r\nmore\r\nlines\r\n\r\n"));
  EXPECT_EQ(outcome.sent.code(), StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamProtocol);
}

TEST_F(HttpFaultsTest, AStalledBodyCanBeReadOnAfterADeadline) {
  auto test = [&]() -> asio::awaitable<void> {
    AsyncEvent go_on(context_.get_executor());
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.ReadRequest();
      co_await connection.Write(kHead);
      co_await go_on.Wait();
      co_await connection.Write("0123456789");
    });
    HttpRequest request = Post(server.Url());
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    for (int i = 0; i < 2; ++i) {
      const auto late = co_await response.value().body->Next(Deadline::After(1ms));
      EXPECT_EQ(late.status().code(), StatusCode::kDeadlineExceeded);
      EXPECT_EQ(ReasonOf(late.status()), reason::kDeadline);
    }
    go_on.Set();
    const WholeBody whole = co_await ReadAll(*response->body);
    EXPECT_EQ(whole.bytes, "0123456789");
    EXPECT_TRUE(whole.status.ok());
  };
  Drive(test);
}

TEST_F(HttpFaultsTest, ADeadlineThatHasPassedSendsNothing) {
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, Always(ResponseOf("ok")));
    HttpRequest request = Post(server.Url());
    const auto response = co_await client_.Send(std::move(request), Deadline::After(-1s));
    EXPECT_EQ(ReasonOf(response.status()), reason::kDeadline);
    EXPECT_TRUE(IsSurelyUnsent(response.status()));
    EXPECT_EQ(server.accepted(), 0);
  };
  Drive(test);
}

TEST_F(HttpFaultsTest, ADeadlineBeforeTheHeadersClosesTheConnection) {
  auto test = [&]() -> asio::awaitable<void> {
    bool seen = false;
    AsyncEvent closed(context_.get_executor());
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.ReadRequest();
      seen = true;
      co_await connection.WaitForClose();
      closed.Set();
    });
    // Until the machine was fast enough to send the request in time.
    for (auto limit = 20ms; !seen; limit *= 2) {
      HttpRequest request = Post(server.Url());
      const auto response = co_await client_.Send(std::move(request), Deadline::After(limit));
      EXPECT_EQ(ReasonOf(response.status()), reason::kDeadline);
    }
    co_await closed.Wait();
  };
  Drive(test);
}

TEST_F(HttpFaultsTest, EndlessHeaders) {
  std::string lines;
  for (int i = 0; i < 100; ++i) lines += "X-Filler: " + std::string(1000, 'f') + "\r\n";
  const Outcome outcome = Exchange(Once("HTTP/1.1 200 OK\r\n" + lines + "\r\n"));
  EXPECT_EQ(outcome.sent.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamTooLarge);
}

TEST_F(HttpFaultsTest, AnEndlessHeaderLine) {
  const Outcome outcome =
      Exchange(Once("HTTP/1.1 200 OK\r\nX-Filler: " + std::string(400'000, 'f')));
  EXPECT_EQ(outcome.sent.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamTooLarge);
}

TEST_F(HttpFaultsTest, EndlessInterimResponses) {
  std::string interim;
  for (int i = 0; i < 5000; ++i) interim += "HTTP/1.1 100 Continue\r\n\r\n";
  const Outcome outcome = Exchange(Once(interim));
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamTooLarge);
}

TEST_F(HttpFaultsTest, ABodyOverTheLimitGivesWhatFitsAndAnError) {
  const Outcome exact = Exchange(Always(ResponseOf(std::string(1'000'000, 'x'))));
  EXPECT_EQ(exact.body.bytes.size(), 1'000'000U);
  EXPECT_TRUE(exact.body.status.ok());

  const Outcome over = Exchange(Once(ResponseOf(std::string(1'000'001, 'x'))));
  EXPECT_LE(over.body.bytes.size(), 1'000'000U);
  EXPECT_EQ(over.body.status.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(over.body.status), reason::kUpstreamTooLarge);
}

TEST_F(HttpFaultsTest, ACompressionBomb) {
  const std::string bomb = Gzip(std::string(64 * 1024 * 1024, '\0'));
  const Outcome outcome = Exchange(Once(ResponseOf(bomb, "Content-Encoding: gzip\r\n")));
  EXPECT_LE(outcome.body.bytes.size(), 1'000'000U);
  EXPECT_EQ(outcome.body.status.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(ReasonOf(outcome.body.status), reason::kUpstreamTooLarge);
}

// Far below the limit of size: unpacking it is what costs.
TEST_F(HttpFaultsTest, ABodyThatUnpacksToFarMoreThanCame) {
  const std::string bomb = Gzip(std::string(14 * 1024 * 1024, '\0'));
  constexpr std::size_t kRead = 16 * 1024;
  ASSERT_LT(bomb.size(), kRead);
  CurlHttpClient client(context_, HttpClientOptions());
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, Once(ResponseOf(bomb, "Content-Encoding: gzip\r\n")));
    HttpRequest request = Post(server.Url());
    auto response = co_await client.Send(std::move(request), Deadline::Never());
    const WholeBody body = co_await ReadAll(*response.value().body);
    EXPECT_LE(body.bytes.size(), 100 * (bomb.size() + kRead));
    EXPECT_EQ(ReasonOf(body.status), reason::kUpstreamTooLarge);
  };
  Drive(test);
}

TEST_F(HttpFaultsTest, ABodyThatIsPackedWellIsGood) {
  std::string text;
  for (int i = 0; text.size() < 8 * 1024 * 1024; ++i) {
    text += std::to_string(i) + std::string(250, ' ');
  }
  const std::string packed = Gzip(text);
  ASSERT_GT(text.size(), 50 * packed.size());
  CurlHttpClient client(context_, HttpClientOptions());
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, Once(ResponseOf(packed, "Content-Encoding: gzip\r\n")));
    HttpRequest request = Post(server.Url());
    auto response = co_await client.Send(std::move(request), Deadline::Never());
    const WholeBody body = co_await ReadAll(*response.value().body);
    EXPECT_TRUE(body.status.ok()) << body.status;
    EXPECT_EQ(body.bytes.size(), text.size());
  };
  Drive(test);
}

// Were it paused until somebody reads, libcurl would keep all that it unpacks meanwhile.
TEST_F(HttpFaultsTest, ACompressionBombEndsUnread) {
  const std::string bomb = Gzip(std::string(32 * 1024 * 1024, '\0'));
  auto test = [&]() -> asio::awaitable<void> {
    AsyncEvent closed(context_.get_executor());
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.ReadRequest();
      co_await connection.Write(ResponseOf(bomb, "Content-Encoding: gzip\r\n"));
      co_await connection.WaitForClose();
      closed.Set();
    });
    HttpRequest request = Post(server.Url());
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    const Deadline long_after = Deadline::After(std::chrono::seconds(60));
    const bool in_time = co_await closed.Wait(long_after);
    EXPECT_TRUE(in_time);
    const WholeBody body = co_await ReadAll(*response.value().body);
    EXPECT_LE(body.bytes.size(), 1'000'000U);
    EXPECT_EQ(ReasonOf(body.status), reason::kUpstreamTooLarge);
  };
  Drive(test);
}

TEST_F(HttpFaultsTest, ABodyThatIsNotWhatItsEncodingSays) {
  const Outcome outcome = Exchange(Once(ResponseOf("plain", "Content-Encoding: gzip\r\n")));
  EXPECT_EQ(outcome.body.bytes, "");
  EXPECT_EQ(ReasonOf(outcome.body.status), reason::kUpstreamProtocol);
}

TEST_F(HttpFaultsTest, EncodingsThatWereNotAskedFor) {
  for (const char* header : {"Content-Encoding: br\r\n", "Content-Encoding: zstd\r\n",
                             "Content-Encoding: gzip, gzip\r\n",
                             "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n"}) {
    const Outcome outcome = Exchange(Once(ResponseOf("x", header)));
    EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamProtocol) << header;
  }
  const Outcome outcome =
      Exchange(Once("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"));
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamProtocol);
}

TEST_F(HttpFaultsTest, ATlsHandshakeThatTheServerDoesNotUnderstand) {
  const Outcome outcome = Exchange(
      [](RawConnection& connection, int) -> asio::awaitable<void> {
        co_await connection.Write("HTTP/1.1 400 Bad Request\r\n\r\n");
        co_await connection.WaitForClose();
      },
      "https");
  EXPECT_EQ(outcome.sent.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamTls);
  EXPECT_EQ(MessageOf(outcome.sent), "it does not speak TLS there");
  EXPECT_TRUE(IsSurelyUnsent(outcome.sent));
}

// Not the fault of a certificate: may be tried again.
TEST_F(HttpFaultsTest, ATlsHandshakeThatBreaks) {
  for (const bool reset : {false, true}) {
    const Outcome outcome = Exchange(
        [reset](RawConnection& connection, int) -> asio::awaitable<void> {
          std::string hello(5, '\0');
          const auto space = asio::buffer(hello);
          co_await connection.socket().async_read_some(space, asio::use_awaitable);
          if (reset) connection.Reset();
        },
        "https");
    EXPECT_EQ(outcome.sent.code(), StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamConnect) << outcome.sent;
    EXPECT_TRUE(IsSurelyUnsent(outcome.sent));
  }
}

TEST_F(HttpFaultsTest, ACertificateThatNobodySigned) {
  std::string seen;
  const TlsServer tls;
  const Outcome outcome = Exchange(
      [&](RawConnection& connection, int) -> asio::awaitable<void> {
        seen = co_await tls.ReadSome(connection.socket());
      },
      "https");
  EXPECT_EQ(outcome.sent.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(outcome.sent), reason::kUpstreamTls);
  EXPECT_EQ(MessageOf(outcome.sent), "its certificate is of an authority that is not trusted");
  EXPECT_EQ(seen, "");
}

TEST_F(HttpFaultsTest, AHandshakeThatNeverEndsIsAConnectTimeout) {
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, [](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.WaitForClose();
    });
    HttpRequest request = Post(server.Url("https"));
    request.connect_timeout = 20ms;
    const auto response = co_await client_.Send(std::move(request), Deadline::Never());
    EXPECT_EQ(response.status().code(), StatusCode::kDeadlineExceeded);
    EXPECT_EQ(ReasonOf(response.status()), reason::kConnectTimeout);
    EXPECT_TRUE(IsSurelyUnsent(response.status()));
  };
  Drive(test);
}

}  // namespace
}  // namespace mom::testing
