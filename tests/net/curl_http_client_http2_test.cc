// HTTP/2, and what a server can do by it.
#include <gmock/gmock.h>

#include "service/net/fan_out.h"
#include "tests/net/emulator_http_test.h"

namespace mom::testing {
namespace {

using Kind = ScriptedFault::Kind;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

class CurlHttpClientHttp2Test : public EmulatorHttpTest {
 protected:
  void Perform(const std::vector<ScriptedCall>& calls) {
    Script script;
    for (const ScriptedCall& call : calls) script.Add("a", call);
    emulator_.SetScript(script);
  }

  void PerformAStallAndThree() {
    Perform({{.text = "one two", .fault = {.kind = Kind::kStall, .after_tokens = 1}},
             {.text = "three"}});
  }
  // Adds a call, and suspends until it stalls.
  asio::awaitable<void> Stall(FanOut<Told>& calls) {
    HttpRequest stalled = Http2Question();
    calls.Add(Ask(std::move(stalled)));
    co_await Until([](const EmulatorState& state) { return state.tokens == 1; });
  }

  // Suspends until the emulator is in that state. Its thread goes on meanwhile; ours is needed too.
  asio::awaitable<void> Until(std::function<bool(const EmulatorState&)> condition) {
    while (!condition(emulator_.state())) co_await asio::post(context_, asio::use_awaitable);
  }
};

TEST_F(CurlHttpClientHttp2Test, SpeaksItWhereTheServerDoes) {
  Perform({{.text = "Hello there"}});
  const Told told = AskAlone(Http2Question());
  EXPECT_TRUE(told.status.ok()) << told.status;
  EXPECT_EQ(told.http_status, 200);
  EXPECT_THAT(told.body, HasSubstr("Hello"));
  EXPECT_THAT(told.body, EndsWith("data: [DONE]\n\n"));
  ASSERT_EQ(emulator_.requests().size(), 1u);
  EXPECT_EQ(emulator_.requests()[0].http, "2");
  EXPECT_EQ(emulator_.requests()[0].Header("Authorization"), "Bearer sk-secret");
}

TEST_F(CurlHttpClientHttp2Test, SpeaksHttp1WithoutTls) {
  HttpRequest request = Question(emulator_.base_url());
  request.http2 = true;
  EXPECT_TRUE(AskAlone(std::move(request)).status.ok());
  EXPECT_EQ(emulator_.requests()[0].http, "1.1");
}

TEST_F(CurlHttpClientHttp2Test, ReadsAnswersOfAnySize) {
  std::string text;
  for (int i = 0; text.size() < 3'000'000; ++i) text += std::to_string(i) + ' ';
  Perform(
      {{.body = text}, {.body = std::string(1000, 'x'), .split = 1}, {.body = text, .gzip = true}});
  EXPECT_EQ(AskAlone(Http2Question()).body.size(), text.size());
  EXPECT_EQ(AskAlone(Http2Question()).body.size(), 1000u);
  EXPECT_EQ(AskAlone(Http2Question()).body.size(), text.size());
  EXPECT_EQ(emulator_.state().connections, 1u);
}

// Each has its connection to itself.
TEST_F(CurlHttpClientHttp2Test, AStalledCallHoldsUpNoOther) {
  PerformAStallAndThree();
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Told> calls(context_.get_executor());
    co_await Stall(calls);
    HttpRequest other = Http2Question();
    calls.Add(Ask(std::move(other)));
    const auto first = co_await calls.Next();
    EXPECT_EQ(first->index, 1);
    EXPECT_TRUE(first->value.status.ok()) << first->value.status;
    EXPECT_THAT(first->value.body, HasSubstr("three"));
  };
  Drive(test);
  EXPECT_EQ(emulator_.state().connections, 2u);
}

TEST_F(CurlHttpClientHttp2Test, ACancelTellsTheProviderToStop) {
  PerformAStallAndThree();
  auto test = [&]() -> asio::awaitable<void> {
    {
      FanOut<Told> calls(context_.get_executor());
      co_await Stall(calls);
    }
    co_await Until([](const EmulatorState& state) { return state.open_connections == 0; });
    EXPECT_EQ(emulator_.state().cut_by_client, 1u);
    HttpRequest other = Http2Question();
    const Told told = co_await Ask(std::move(other));
    EXPECT_TRUE(told.status.ok()) << told.status;
  };
  Drive(test);
}

// What was accepted may be billed, so it is not sent again from here. Neither is what was refused:
// the retries above are the only ones.
TEST_F(CurlHttpClientHttp2Test, SendsNothingAgain) {
  const std::vector<ScriptedFault> faults = {
      {.kind = Kind::kReset},
      {.kind = Kind::kReset, .after_tokens = 1},
      {.kind = Kind::kClose},
      {.kind = Kind::kClose, .after_tokens = 1},
      {.kind = Kind::kGoAway},
      {.kind = Kind::kGoAway, .after_bytes = 0},
      {.kind = Kind::kGoAway, .after_tokens = 1},
      {.kind = Kind::kRefuse},
      {.kind = Kind::kRefuse, .after_tokens = 1},
      {.kind = Kind::kHalfClose, .after_tokens = 1},
  };
  for (const ScriptedFault& fault : faults) {
    emulator_.Reset();
    Perform({{.text = "one two", .fault = fault}, {.text = "never"}});
    const Told told = AskAlone(Http2Question());
    EXPECT_EQ(told.status.code(), StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(told.status), reason::kUpstreamConnectionLost)
        << static_cast<int>(fault.kind) << told.status;
    EXPECT_FALSE(IsSurelyUnsent(told.status));
    EXPECT_THAT(told.body, Not(HasSubstr("never")));
    EXPECT_EQ(emulator_.requests().size(), 1u);
  }
}

TEST_F(CurlHttpClientHttp2Test, TakesANewConnectionAfterAGoodbye) {
  Perform({{.text = "one", .connection = AfterAnswer::kClose}, {.text = "two"}});
  EXPECT_TRUE(AskAlone(Http2Question()).status.ok());
  EXPECT_TRUE(AskAlone(Http2Question()).status.ok());
  EXPECT_EQ(emulator_.state().connections, 2u);
}

TEST_F(CurlHttpClientHttp2Test, FramesThatAreNone) {
  Perform({{.raw = {{.send = "HTTP/1.1 200 OK\r\n\r\n"}}}});
  const Told told = AskAlone(Http2Question());
  EXPECT_EQ(told.status.code(), StatusCode::kUnavailable) << told.status;
  EXPECT_EQ(emulator_.requests().size(), 1u);
}

}  // namespace
}  // namespace mom::testing
