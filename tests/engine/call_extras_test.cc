#include "service/engine/call_extras.h"

#include <gtest/gtest.h>

#include "service/engine/call_id.h"
#include "tests/engine/arbitrate_fixture.h"

namespace mom::testing {
namespace {

constexpr char kSigned[] = R"({"google":{"thought_signature":"c2ln"}})";

TEST(CallExtras, AreKeptForADay) {
  CallExtras extras;
  const CallExtras::Clock::time_point start = CallExtras::Clock::now();
  extras.Keep("call_1", kSigned, start);
  extras.Keep("call_2", "", start);
  EXPECT_EQ(extras.Find("call_1", start + std::chrono::hours(24)), kSigned);
  EXPECT_EQ(extras.Find("call_1", start + std::chrono::hours(25)), "");
  EXPECT_EQ(extras.Find("call_2", start), "");
}

TEST(CallExtras, OfTooManyTheOldestGo) {
  CallExtras extras;
  const std::string large(std::size_t{1} << 20, 'x');
  for (int i = 0; i < 40; ++i) extras.Keep("call_" + std::to_string(i), large);
  EXPECT_EQ(extras.Find("call_0"), "");
  EXPECT_EQ(extras.Find("call_39"), large);
  extras.Keep("larger", large + "x");
  EXPECT_EQ(extras.Find("larger"), "") << "one alone must not push the others out";
}

class CallExtrasTest : public ArbitrateTest {
 protected:
  static FakeAnswer CallsSigned() {
    ToolCallDelta call;
    call.id = "call_1";
    call.name = "read";
    call.arguments_json = "{}";
    call.extra_content_json = kSigned;
    ChatDelta delta;
    delta.tool_calls.push_back(call);
    return FakeAnswer().Delta(delta).Finish(FinishReason::kToolCalls);
  }
  // What is remembered is the engine's.
  Status RunOnSameEngine(RunRequest request) {
    sink.events.clear();
    return RunOn(context, engine->Run(std::move(request), http, sink));
  }
  // What stood beside the call in what a model was asked last.
  std::string SeenBy(const std::string& model) {
    const FakeModelClient& client = Model(model);
    return client.calls().back()->request->messages.at(1).tool_calls.at(0).extra_content_json;
  }
};

TEST_F(CallExtrasTest, ComeBackToWhoMadeTheCallAndToNobodyElse) {
  mixture.tool_turns = "on_error";
  MakeEngine();
  for (const char* name : {"a", "b", "c"}) Model(name).Then(CallsSigned());
  ASSERT_TRUE(RunOnSameEngine(AskWithTools()).ok());
  ASSERT_EQ(Emitted().size(), 1u);
  EXPECT_EQ(Emitted()[0].extra_content_json, kSigned);
  const ToolCall kept = Emitted()[0];
  const std::string maker = sink.answer()->answered_by;

  ToolCall dropped = kept;
  dropped.extra_content_json.clear();
  for (const ToolCall& call : {kept, dropped}) {
    Model(maker).Then(Says("Done."));
    ASSERT_TRUE(RunOnSameEngine(WithResults(AskWithTools(), {call}, "done")).ok());
    EXPECT_EQ(SeenBy(maker), kSigned);
  }

  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says("It failed."));
  Model("critic").Then(Says("?")).Then(Says("It failed."));
  const std::string failure = "Error: no such file";
  ASSERT_TRUE(RunOnSameEngine(WithResults(AskWithTools(), {kept}, failure)).ok());
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(SeenBy(name), name == maker ? kSigned : "");
}

TEST_F(CallExtrasTest, AConversationWithoutThemStaysAsItIs) {
  const CallExtras extras;
  const RunRequest request = WithResults(AskWithTools(), {CallOf(NewCallId("a"), "read")}, "done");
  EXPECT_EQ(WithOwnExtras(request.chat, "a", extras), request.chat);
}

}  // namespace
}  // namespace mom::testing
