// Who leaves, leaves nothing behind: the provider sees the connection close.
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "service/base/async_event.h"
#include "service/net/fan_out.h"
#include "tests/net/gzip.h"
#include "tests/net/http_test.h"

namespace mom::testing {
namespace {

constexpr std::int64_t kBufferBytes = 100'000;
constexpr std::int64_t kMaxBytes = 16 * 1024 * 1024;

HttpClientOptions SmallBuffer() {
  HttpClientOptions options;
  options.buffer_bytes = kBufferBytes;
  options.max_response_bytes = kMaxBytes;
  return options;
}

class HttpCancelTest : public HttpTest {
 protected:
  HttpCancelTest() : HttpTest(SmallBuffer()) {}

  // Reads a whole response.
  asio::awaitable<WholeBody> Fetch(std::string url) {
    HttpRequest request = Post(url);
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    const WholeBody whole = co_await ReadAll(*response.value().body);
    co_return whole;
  }

  // A server that says `bytes` and then waits for the close; a client that is cancelled while it
  // waits for more.
  void CancelAfter(const std::string& bytes, bool read_request, const std::string& scheme) {
    auto test = [&]() -> asio::awaitable<void> {
      AsyncEvent reached(context_.get_executor());
      AsyncEvent closed(context_.get_executor());
      RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
        if (read_request) co_await connection.ReadRequest();
        co_await connection.Write(bytes);
        reached.Set();
        co_await connection.WaitForClose();
        closed.Set();
      });
      {
        FanOut<WholeBody> work(context_.get_executor());
        work.Add(Fetch(server.Url(scheme)));
        co_await reached.Wait();
        EXPECT_EQ(client_.active_transfers(), 1);
      }
      co_await closed.Wait();
      EXPECT_EQ(server.accepted(), 1);
    };
    Drive(test);
  }

  // Lets the loop turn until `progress` has not changed for long.
  asio::awaitable<void> UntilStalled(const std::size_t& progress) {
    constexpr int kTurns = 2000;
    std::size_t before = progress;
    for (int turn = 0; turn < kTurns; ++turn) {
      co_await asio::post(context_, asio::use_awaitable);
      if (std::exchange(before, progress) != progress) turn = 0;
    }
  }

  // Writes `head`, then `body` piece by piece, and counts what the socket took.
  static asio::awaitable<void> WriteSlowly(RawConnection& connection, std::string head,
                                           std::string body, std::size_t& written) {
    connection.socket().set_option(asio::socket_base::send_buffer_size(64 * 1024));
    co_await connection.ReadRequest();
    co_await connection.Write(head);
    while (written < body.size()) {
      const auto piece = asio::buffer(body) + written;
      written += co_await connection.socket().async_write_some(piece, asio::use_awaitable);
    }
  }
};

TEST_F(HttpCancelTest, WhileTheConnectionIsSetUp) { CancelAfter("", false, "https"); }

TEST_F(HttpCancelTest, WhileTheHeadersAreAwaited) { CancelAfter("", true, "http"); }

TEST_F(HttpCancelTest, InTheMiddleOfTheHeaders) {
  CancelAfter("HTTP/1.1 200 OK\r\nX-Half", true, "http");
}

TEST_F(HttpCancelTest, InTheMiddleOfTheBody) {
  CancelAfter("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", true, "http");
}

TEST_F(HttpCancelTest, ABodyThatIsDroppedHalfReadClosesTheConnection) {
  auto test = [&]() -> asio::awaitable<void> {
    AsyncEvent closed(context_.get_executor());
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      co_await connection.ReadRequest();
      co_await connection.Write(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "e\r\ndata: [DONE]\n\n\r\n");
      co_await connection.WaitForClose();
      closed.Set();
    });
    {
      HttpRequest request = Post(server.Url());
      auto response = co_await client_.Send(std::move(request), Deadline::Never());
      const auto chunk = co_await response.value().body->Next(Deadline::Never());
      EXPECT_EQ(chunk.value().value(), "data: [DONE]\n\n");
      EXPECT_EQ(client_.active_transfers(), 1);
    }
    EXPECT_EQ(client_.active_transfers(), 0);
    co_await closed.Wait();
  };
  Drive(test);
}

TEST_F(HttpCancelTest, ABodyMayOutliveTheClient) {
  auto test = [&]() -> asio::awaitable<void> {
    RawServer server(context_, Always(ResponseOf("late")));
    auto client = std::make_unique<CurlHttpClient>(context_, HttpClientOptions());
    HttpRequest request = Post(server.Url());
    auto response = co_await client->Send(std::move(request), Deadline::Never());
    client.reset();
    const WholeBody whole = co_await ReadAll(*response.value().body);
    EXPECT_EQ(whole.bytes, "late");
  };
  Drive(test);
}

// The client goes, then the loop with a coroutine that waits for a head, one that waits for a body,
// and their FanOut.
TEST_F(HttpCancelTest, FramesThatTheLoopDestroys) {
  auto context = std::make_unique<asio::io_context>();
  auto client = std::make_unique<CurlHttpClient>(*context, HttpClientOptions());
  auto ended = std::make_shared<int>(0);
  auto both = std::make_unique<AsyncEvent>(context->get_executor());
  auto serve = [&](RawConnection& connection, int number) -> asio::awaitable<void> {
    co_await connection.ReadRequest();
    if (number == 1) {
      co_await connection.Write("HTTP/1.1 200 OK\r\n\r\nhalf");
      both->Set();
    }
    co_await connection.WaitForClose();
  };
  auto fetch = [](CurlHttpClient* http, std::string url,
                  std::shared_ptr<int> count) -> asio::awaitable<WholeBody> {
    HttpRequest request = Post(url);
    auto response = co_await http->Send(std::move(request), Deadline::Never());
    const WholeBody whole = co_await ReadAll(*response.value().body);
    ++*count;
    co_return whole;
  };
  auto parent = [&]() -> asio::awaitable<void> {
    RawServer server(*context, serve);
    FanOut<WholeBody> work(context->get_executor());
    for (int i = 0; i < 2; ++i) work.Add(fetch(client.get(), server.Url(), ended));
    co_await both->Wait();
    context->stop();
    co_await work.Next();
  };
  asio::co_spawn(*context, parent(), [](std::exception_ptr) {});
  context->run();
  EXPECT_EQ(client->active_transfers(), 2);
  EXPECT_EQ(ended.use_count(), 3);
  both.reset();
  client.reset();
  context.reset();
  EXPECT_EQ(ended.use_count(), 1);  // every frame is gone
  EXPECT_EQ(*ended, 0);             // and none ran to its end
}

TEST_F(HttpCancelTest, WhoDoesNotReadHoldsUpTheServer) {
  auto test = [&]() -> asio::awaitable<void> {
    const std::string body(kMaxBytes, 'x');
    std::size_t written = 0;
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      const std::string head =
          "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
      co_await WriteSlowly(connection, head, body, written);
    });
    HttpRequest request = Post(server.Url());
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    co_await UntilStalled(written);
    EXPECT_GT(written, 0U);
    EXPECT_LT(written, body.size());
    std::size_t read = 0;
    while (read < body.size()) {
      const auto chunk = co_await response.value().body->Next(Deadline::Never());
      EXPECT_LE(chunk.value().value().size(), static_cast<std::size_t>(kBufferBytes));
      read += (*chunk)->size();
    }
    const auto end = co_await response->body->Next(Deadline::Never());
    EXPECT_TRUE(end.ok() && !end->has_value());
    EXPECT_EQ(read, body.size());
  };
  Drive(test);
}

TEST_F(HttpCancelTest, APausedBodyThatIsDroppedClosesTheConnection) {
  auto test = [&]() -> asio::awaitable<void> {
    const std::string body(kMaxBytes, 'x');
    std::size_t written = 0;
    AsyncEvent broken(context_.get_executor());
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      try {
        co_await WriteSlowly(connection, "HTTP/1.1 200 OK\r\n\r\n", body, written);
      } catch (const boost::system::system_error&) {
        broken.Set();
      }
    });
    {
      HttpRequest request = Post(server.Url());
      auto response = co_await client_.Send(std::move(request), Deadline::Never());
      co_await UntilStalled(written);
    }
    co_await broken.Wait();
    EXPECT_LT(written, body.size());
  };
  Drive(test);
}

// What the pause holds back comes over the limit only when it is read.
TEST_F(HttpCancelTest, ABombThatWaitsForItsReader) {
  auto test = [&]() -> asio::awaitable<void> {
    const std::string bomb = Gzip(std::string(3 * kMaxBytes, '\0'));
    std::size_t written = 0;
    RawServer server(context_, [&](RawConnection& connection, int) -> asio::awaitable<void> {
      const std::string head = "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n";
      co_await WriteSlowly(connection, head, bomb, written);
    });
    HttpRequest request = Post(server.Url());
    auto response = co_await client_.Send(std::move(request), Deadline::Never());
    co_await UntilStalled(written);
    const WholeBody whole = co_await ReadAll(*response.value().body);
    EXPECT_LE(whole.bytes.size(), static_cast<std::size_t>(kMaxBytes));
    EXPECT_EQ(whole.status.code(), StatusCode::kResourceExhausted);
    EXPECT_EQ(ReasonOf(whole.status), reason::kUpstreamTooLarge);
  };
  Drive(test);
}

}  // namespace
}  // namespace mom::testing
