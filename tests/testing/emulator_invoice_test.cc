// What is billed, however a call ends.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "tests/testing/emulator/emulator.h"
#include "tests/testing/raw_http_client.h"

namespace mom::testing {
namespace {

using Kind = ScriptedFault::Kind;

constexpr std::string_view kQuestion = "12345678";  // two tokens

struct Billed {
  std::string name;
  ScriptedCall call;
  bool stream = true;
  int status = 200;
  std::int64_t prompt = 2;
  std::int64_t completion = 0;
  bool complete = false;
};

// Unary answers are made as long as their tokens take; a fault within the body comes after all.
const std::vector<Billed> kBilled = {
    {.name = "Whole", .call = {.text = "1 2 3"}, .completion = 3, .complete = true},
    {.name = "WholeUnary",
     .call = {.text = "1 2 3"},
     .stream = false,
     .completion = 3,
     .complete = true},
    {.name = "AsClaimed",
     .call = {.text = "1 2 3", .usage = {.prompt = 7, .completion = 9}},
     .prompt = 7,
     .completion = 9,
     .complete = true},
    {.name = "ResetBeforeTheFirstByte", .call = {.text = "1 2 3", .fault = {.kind = Kind::kReset}}},
    {.name = "ClosedAfterTwo",
     .call = {.text = "1 2 3", .fault = {.kind = Kind::kClose, .after_tokens = 2}},
     .completion = 2},
    {.name = "CutInTheUnaryBody",
     .call = {.text = "1 2 3", .fault = {.kind = Kind::kReset, .after_bytes = 9}},
     .stream = false,
     .completion = 3},
    {.name = "ErrorWithin",
     .call = {.text = "1 2 3", .error = R"({"message":"m"})", .error_after_tokens = 1},
     .completion = 1,
     .complete = true},
    {.name = "AnErrorStatus",
     .call = {.status = 503},
     .status = 503,
     .prompt = 0,
     .complete = true},
    {.name = "Refused",
     .call = {.text = "1 2 3", .fault = {.kind = Kind::kRefuse}},
     .status = 0,
     .prompt = 0},
    {.name = "TurnedAway",
     .call = {.text = "1 2 3", .fault = {.kind = Kind::kGoAway}},
     .status = 0,
     .prompt = 0},
    {.name = "GoneAfterOne",
     .call = {.text = "1 2 3", .fault = {.kind = Kind::kGoAway, .after_tokens = 1}},
     .completion = 1},
};

class InvoiceTest : public ::testing::TestWithParam<Billed> {};

TEST_P(InvoiceTest, IsWrittenOnce) {
  const Billed& want = GetParam();
  const Emulator emulator(Script().Add("a", want.call));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", want.stream, kQuestion));
  client.Read();
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.invoices > 0; }));
  client.Close();
  ASSERT_TRUE(emulator.WaitUntilAllClosed());
  ASSERT_EQ(emulator.invoices().size(), 1u);
  const Invoice invoice = emulator.invoices()[0];
  EXPECT_EQ(invoice.status, want.status);
  EXPECT_EQ(invoice.prompt_tokens, want.prompt);
  EXPECT_EQ(invoice.completion_tokens, want.completion);
  EXPECT_EQ(invoice.complete, want.complete);
  EXPECT_FALSE(invoice.cut_by_client);
}

INSTANTIATE_TEST_SUITE_P(Of, InvoiceTest, ::testing::ValuesIn(kBilled),
                         [](const auto& info) { return info.param.name; });

// A client that leaves pays for the prompt and for what was sent until then.
TEST(InvoiceOfTheCutTest, CountsWhatWasSent) {
  const Emulator emulator(
      Script().Add("a", {.text = "1 2 3", .gates = {{.name = "g", .token = 2}}}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true, kQuestion));
  client.ReadUntil(" 2");
  client.Close();
  ASSERT_TRUE(emulator.WaitUntilAllClosed());
  ASSERT_EQ(emulator.invoices().size(), 1u);
  EXPECT_EQ(emulator.invoices()[0].prompt_tokens, 2);
  EXPECT_EQ(emulator.invoices()[0].completion_tokens, 2);
  EXPECT_TRUE(emulator.invoices()[0].cut_by_client);
  EXPECT_FALSE(emulator.invoices()[0].complete);
}

}  // namespace
}  // namespace mom::testing
