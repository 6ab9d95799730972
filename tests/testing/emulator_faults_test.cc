// How the emulator breaks off, and how it sees that a client does.
#include <gmock/gmock.h>

#include <functional>
#include <memory>
#include <string>

#include "tests/testing/emulator/emulator.h"
#include "tests/testing/raw_http_client.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;
using End = RawHttpClient::End;
using Kind = ScriptedFault::Kind;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr std::int64_t kBeyondTheEnd = 1'000'000;

Script Breaks(const ScriptedFault& fault) {
  return Script().Add("a", {.text = "one two three", .fault = fault});
}

// The one invoice there is to be.
Invoice OnlyInvoice(const Emulator& emulator) {
  EXPECT_TRUE(emulator.WaitUntil([](const auto& s) { return s.invoices > 0; }));
  const auto invoices = emulator.invoices();
  EXPECT_EQ(invoices.size(), 1u);
  return invoices.empty() ? Invoice() : invoices.front();
}

TEST(EmulatorFaultsTest, BreaksOffBeforeTheFirstByte) {
  for (const bool stream : {true, false}) {
    const Emulator emulator(Breaks({.kind = Kind::kReset}));
    RawHttpClient client(emulator.port());
    client.Post(kChat, ChatBody("a", stream));
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_EQ(client.end(), End::kReset);
    EXPECT_EQ(OnlyInvoice(emulator).completion_tokens, 0);
  }
}

TEST(EmulatorFaultsTest, BreaksOffAfterTokens) {
  const Emulator emulator(Breaks({.kind = Kind::kClose, .after_tokens = 2}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  const auto response = client.Read();
  EXPECT_FALSE(response.whole);
  EXPECT_THAT(response.body, HasSubstr(" two"));
  EXPECT_THAT(response.body, Not(HasSubstr(" three")));
  EXPECT_EQ(client.end(), End::kClosed);
  const Invoice invoice = OnlyInvoice(emulator);
  EXPECT_EQ(invoice.completion_tokens, 2);
  EXPECT_FALSE(invoice.complete);
  EXPECT_FALSE(invoice.cut_by_client);
}

TEST(EmulatorFaultsTest, BreaksOffAfterTheLastToken) {
  const Emulator emulator(Breaks({.kind = Kind::kClose, .after_tokens = 3}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  const auto response = client.Read();
  EXPECT_THAT(response.body, HasSubstr(" three"));
  EXPECT_THAT(response.body, Not(HasSubstr("stop")));
}

TEST(EmulatorFaultsTest, BreaksOffAfterBytes) {
  for (const bool stream : {true, false}) {
    const Emulator emulator(Breaks({.kind = Kind::kReset, .after_bytes = 10}));
    RawHttpClient client(emulator.port());
    client.Post(kChat, ChatBody("a", stream));
    const auto response = client.Read();
    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(response.body, stream ? "data: {\"id" : "{\"id\":\"cha");
    client.ReadToEnd();
    EXPECT_EQ(client.end(), End::kReset);
  }
}

TEST(EmulatorFaultsTest, KeepsBackTheEndOfTheMessageOnly) {
  const Emulator emulator(Breaks({.kind = Kind::kClose, .after_bytes = kBeyondTheEnd}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  const auto response = client.Read();
  EXPECT_THAT(response.body, EndsWith("data: [DONE]\n\n"));
  EXPECT_FALSE(response.whole);
}

TEST(EmulatorFaultsTest, StallsUntilTheClientLeaves) {
  const Emulator emulator(Breaks({.kind = Kind::kStall, .after_tokens = 1}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  client.ReadUntil("one");
  EXPECT_EQ(emulator.state().active_calls, 1);
  client.Close();
  const Invoice invoice = OnlyInvoice(emulator);
  EXPECT_TRUE(invoice.cut_by_client);
  EXPECT_EQ(invoice.completion_tokens, 1);
  EXPECT_TRUE(emulator.WaitUntilAllClosed());
}

TEST(EmulatorFaultsTest, HalfCloses) {
  const Emulator emulator(Breaks({.kind = Kind::kHalfClose, .after_tokens = 1}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  EXPECT_THAT(client.ReadToEnd(), HasSubstr("one"));
  EXPECT_EQ(client.end(), End::kClosed);
  EXPECT_FALSE(OnlyInvoice(emulator).cut_by_client);
  EXPECT_EQ(emulator.state().open_connections, 1);
  client.Close();
  EXPECT_TRUE(emulator.WaitUntilAllClosed());
}

TEST(EmulatorFaultsTest, SaysAWrongLength) {
  const Emulator emulator(Script().Add("a", {.body = "0123456789", .content_length = 12}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", false));
  const auto response = client.Read();
  EXPECT_THAT(response.head, HasSubstr("content-length: 12\r\n"));
  EXPECT_EQ(response.body, "0123456789");
  EXPECT_FALSE(response.whole);
  EXPECT_EQ(client.end(), End::kClosed);
}

TEST(EmulatorFaultsTest, EndsTheConnectionAfterAWholeAnswer) {
  const Emulator emulator(Script()
                              .Add("a", {.text = "x", .connection = AfterAnswer::kClose})
                              .Add("a", {.text = "x", .connection = AfterAnswer::kDrop}));
  for (const bool said : {true, false}) {
    RawHttpClient client(emulator.port());
    client.Post(kChat, ChatBody("a", true));
    const auto response = client.Read();
    EXPECT_TRUE(response.whole);
    EXPECT_EQ(response.head.find("connection: close") != std::string::npos, said);
    EXPECT_EQ(client.ReadToEnd(), "");
    EXPECT_EQ(client.end(), End::kClosed);
  }
}

struct Way {
  std::string name;
  void (*leave)(RawHttpClient&);
};

// The client leaves, in every phase and by every way.
class ClientLeavesTest : public ::testing::TestWithParam<Way> {
 protected:
  // Asks, waits for `ready`, leaves, and gives the invoice.
  Invoice Leave(const ScriptedCall& call, bool stream,
                const std::function<bool(const EmulatorState&)>& ready) {
    const Emulator emulator(Script().Add("a", call));
    RawHttpClient client(emulator.port());
    client.Post(kChat, ChatBody("a", stream, "12345678"));
    EXPECT_TRUE(emulator.WaitUntil(ready));
    GetParam().leave(client);
    EXPECT_TRUE(emulator.WaitUntilAllClosed());
    EXPECT_EQ(emulator.state().active_calls, 0);
    EXPECT_THAT(emulator.state().held, IsEmpty());
    const Invoice invoice = OnlyInvoice(emulator);
    EXPECT_TRUE(invoice.cut_by_client);
    EXPECT_FALSE(invoice.complete);
    EXPECT_EQ(invoice.prompt_tokens, 2);
    return invoice;
  }
};

bool CallIsActive(const EmulatorState& state) { return state.active_calls == 1; }

TEST_P(ClientLeavesTest, BeforeTheFirstByte) {
  EXPECT_EQ(Leave({.delay = 24h}, true, CallIsActive).completion_tokens, 0);
}

TEST_P(ClientLeavesTest, BeforeTheFirstToken) {
  const ScriptedCall call = {.first_token_delay = 24h};
  for (const bool stream : {true, false}) {
    EXPECT_EQ(Leave(call, stream, CallIsActive).completion_tokens, 0);
  }
}

TEST_P(ClientLeavesTest, BetweenTokens) {
  const ScriptedCall call = {.text = "1 2 3", .pace = 24h};
  for (const bool stream : {true, false}) {
    const Invoice invoice = Leave(call, stream, [](const auto& s) { return s.tokens == 1; });
    EXPECT_EQ(invoice.completion_tokens, 1);
  }
}

TEST_P(ClientLeavesTest, AtAGate) {
  const ScriptedCall call = {.text = "1 2 3", .gates = {{.name = "g", .token = 2}}};
  const Invoice invoice = Leave(call, true, [](const auto& s) { return s.held.contains("g"); });
  EXPECT_EQ(invoice.completion_tokens, 2);
}

TEST_P(ClientLeavesTest, WhileItReadsTooSlowly) {
  // Far more than the socket's buffers take.
  const ScriptedCall call = {.body = std::string(64 * 1024 * 1024, 'x')};
  EXPECT_EQ(Leave(call, true, CallIsActive).completion_tokens, 0);
}

const Way kWays[] = {
    {"Close", [](RawHttpClient& client) { client.Close(); }},
    {"Reset", [](RawHttpClient& client) { client.Reset(); }},
    {"ShutdownSend", [](RawHttpClient& client) { client.ShutdownSend(); }},
};
INSTANTIATE_TEST_SUITE_P(By, ClientLeavesTest, ::testing::ValuesIn(kWays),
                         [](const auto& info) { return info.param.name; });

TEST(EmulatorFaultsTest, IsDestroyedWhileCallsGoOn) {
  auto emulator = std::make_unique<Emulator>(Script().Add("a", {.delay = 24h}));
  RawHttpClient client(emulator->port());
  client.Post(kChat, ChatBody("a", true));
  EXPECT_TRUE(emulator->WaitUntil(CallIsActive));
  emulator.reset();
  EXPECT_EQ(client.ReadToEnd(), "");
}

}  // namespace
}  // namespace mom::testing
