// When the emulator answers.
#include <gmock/gmock.h>

#include <string>

#include "tests/testing/emulator/emulator.h"
#include "tests/testing/raw_http_client.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST(EmulatorWaitsTest, HoldsAnAnswerAtItsGates) {
  Emulator emulator(Script().Add(
      "a", {.text = "one two three", .gates = {{.name = "head"}, {.name = "third", .token = 2}}}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.held.contains("head"); }));
  EXPECT_EQ(emulator.state().tokens, 0);
  emulator.Open("head");
  EXPECT_THAT(client.ReadUntil(" two"), HasSubstr("one"));
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.held.contains("third"); }));
  EXPECT_EQ(emulator.state().tokens, 2);
  EXPECT_EQ(emulator.state().active_calls, 1);
  emulator.Open("third");
  EXPECT_THAT(client.ReadUntil("0\r\n\r\n"), HasSubstr(" three"));
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.invoices == 1; }));
  EXPECT_THAT(emulator.state().held, IsEmpty());
}

TEST(EmulatorWaitsTest, HoldsAnAnswerThatIsNotStreamedBeforeItsFirstByte) {
  Emulator emulator(Script().Add("a", {.text = "one two", .gates = {{.name = "g", .token = 1}}}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", false));
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.held.contains("g"); }));
  EXPECT_EQ(emulator.state().tokens, 1);
  emulator.Open("g");
  EXPECT_THAT(client.Read().body, HasSubstr(R"("content":"one two")"));
}

TEST(EmulatorWaitsTest, DripsWhileItWaits) {
  Emulator emulator(
      Script().Add("a", {.text = "x", .gates = {{.name = "g", .token = 0}}, .drip_every = 1ms}));
  for (const bool stream : {true, false}) {
    RawHttpClient client(emulator.port());
    client.Post(kChat, ChatBody("a", stream));
    const std::string_view comment = stream ? ": emulator waits\n\n" : "1\r\n\n\r\n";
    EXPECT_THAT(client.ReadUntil(comment), Not(HasSubstr("\"x\"")));
    EXPECT_THAT(client.ReadUntil(comment), Not(HasSubstr("\"x\"")));
    emulator.Open("g");
    EXPECT_THAT(client.ReadUntil("\r\n0\r\n\r\n"), HasSubstr("\"content\":\"x\""));
    emulator.Reset();
  }
}

TEST(EmulatorWaitsTest, DripsWhatTheScriptSays) {
  Emulator emulator(Script().Add("a", {.text = "x",
                                       .gates = {{.name = "g", .token = 0}},
                                       .drip_every = 1ms,
                                       .drip = "event: ping\ndata: {}\n\n"}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  client.ReadUntil("event: ping\ndata: {}\n\n");
  EXPECT_THAT(client.ReadUntil("event: ping"), Not(HasSubstr("emulator waits")));
  emulator.Open("g");
  client.ReadUntil("[DONE]");
}

TEST(EmulatorWaitsTest, KeepsItsPace) {
  const Emulator emulator(Script().Add(
      "a", {.delay = 5ms, .text = "1 2 3 4", .first_token_delay = 10ms, .pace = 20ms}));
  for (const bool stream : {true, false}) {
    RawHttpClient client(emulator.port());
    client.Post(kChat, ChatBody("a", stream));
    EXPECT_TRUE(client.Read().whole);
  }
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.invoices == 2; }));
  for (const Invoice& invoice : emulator.invoices()) {
    EXPECT_GE(invoice.ended - invoice.started, 75ms) << "timers never fire early";
  }
}

}  // namespace
}  // namespace mom::testing
