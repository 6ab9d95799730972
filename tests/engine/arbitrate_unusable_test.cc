// `arbitrate` where no member proposes anything that could go out as it is.
#include "tests/engine/arbitrate_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

using Mode = ToolChoice::Mode;

class UnusableTest : public ArbitrateTest {
 protected:
  // With a tool `read` that wants a path.
  static RunRequest AskWithASchema() {
    RunRequest request = AskWithTools();
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->tools[0].parameters_json =
        R"({"type":"object","properties":{"path":{"type":"string"}},"required":["path"]})";
    request.chat = std::move(chat);
    return request;
  }
  void AllCall(const std::string& tool, const std::string& arguments) {
    for (const char* name : {"a", "b", "c"}) Model(name).Then(Calls(tool, arguments));
  }
  void NoCriticLives() {
    for (const char* name : {"critic", "crit2"}) Model(name).Then(FakeAnswer().Fail(kDown));
  }
  static std::string Good() { return R"({"path":"a"})"; }
};

TEST_F(UnusableTest, WhereACallIsDemandedAndAllTalkTheArbiterCalls) {
  AllMembersSay("I would read it.");
  Model("critic").Then(Calls("read"));
  ASSERT_TRUE(Run(With(AskWithTools(), Mode::kRequired)).ok());
  ASSERT_EQ(Emitted().size(), 1u);
  EXPECT_EQ(Emitted()[0].name, "read");
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "critic"));
  EXPECT_EQ(sink.answer()->completion.finish_reason, FinishReason::kToolCalls);
  EXPECT_THAT(ArbiterSaw(), HasSubstr("I would read it. b"));
  EXPECT_THAT(ArbiterSaw(), HasSubstr("None of the proposals can be used"));
}

TEST_F(UnusableTest, CallsThatNobodyCouldMakeAreShownAsDataAndTheArbiterMakesAnother) {
  Model("a").Then(Calls("read", R"({"path": "ha)"));
  Model("b").Then(Calls("rm", R"({"path": "b"})"));
  Model("c").Then(FakeAnswer().Fail(kDown));
  Model("critic").Then(Calls("read", Good()));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, Good());
  EXPECT_THAT(ArbiterSaw(), HasSubstr(R"({"tool":"read","arguments":"{\"path\": \"ha"})"));
  EXPECT_THAT(ArbiterSaw(), HasSubstr(R"({"tool":"rm","arguments":{"path": "b"}})"));
}

TEST_F(UnusableTest, ArgumentsThatFitNoSchemaGoToTheArbiter) {
  AllCall("read", R"({"path": 1})");
  Model("critic").Then(Calls("read", R"({"path": 2})"));
  Model("crit2").Then(Calls("read", Good()));
  ASSERT_TRUE(Run(AskWithASchema()).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, Good());
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "crit2")) << "the critic did no better";
}

TEST_F(UnusableTest, WithoutAnArbiterTheBestOnesModelIsAskedOnceMoreWithTheReason) {
  AllCall("read", R"({"path": 1})");
  NoCriticLives();
  Model("a").Then(Calls("read", Good()));
  ASSERT_TRUE(Run(AskWithASchema()).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, Good());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->notes, Contains(HasSubstr("mixtures.mom.repair")));
  const FakeCall& again = Model("a").call(1);
  EXPECT_EQ(again.context.role, CallRole::kRepair);
  for (const Message& message : again.request->messages) {
    EXPECT_THAT(message.tool_calls, IsEmpty()) << "a provider may not take it";
  }
  const std::string reproach = TextOf(again.request->messages.back());
  EXPECT_THAT(reproach, HasSubstr("the arguments of its call of `read` do not fit: `/path`"));
  EXPECT_THAT(reproach, HasSubstr(R"({"tool":"read","arguments":{"path": 1}})"));
}

TEST_F(UnusableTest, CallsThatNobodyCouldMakeAreMendedToo) {
  AllCall("rm", "{}");
  NoCriticLives();
  Model("a").Then(Calls("read"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).name, "read");
}

TEST_F(UnusableTest, WhatIsMendedByOneModelAloneAndChangesSomethingSaysSo) {
  AllCall("rm", "{}");
  NoCriticLives();
  Model("a").Then(Calls("write"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_THAT(sink.answer()->degraded_reasons,
              Contains("no arbiter decided, and one model alone is for write"));
}

TEST_F(UnusableTest, WhereNothingHelpsTheBestGoesOutDegraded) {
  AllCall("read", R"({"path": 1})");
  NoCriticLives();
  Model("a").Then(Says("I would read it."));
  ASSERT_TRUE(Run(With(AskWithASchema(), Mode::kRequired)).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, R"({"path": 1})") << "the client can say what is wrong";
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("no usable candidate: ")));
}

TEST_F(UnusableTest, NobodyIsAskedOnceMoreWhereTheMixtureSaysSo) {
  mixture.repair = false;
  AllCall("rm", "{}");
  NoCriticLives();
  EXPECT_EQ(GetErrorInfo(Run(AskWithTools())).reason, reason::kAllMembersFailed);
  EXPECT_EQ(Model("a").calls().size(), 1u);
}

TEST_F(UnusableTest, AnErrorStaysOneWhereNobodyAnswered) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(FakeAnswer().Fail(kDown));
  EXPECT_EQ(GetErrorInfo(Run(AskWithTools())).reason, reason::kAllMembersFailed);
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(UnusableTest, WhatAllRefuseOrTheLimitCutsIsNoMatterForAnArbiter) {
  Model("a").Then(FakeAnswer().Text("I would re").Finish(FinishReason::kLength));
  Model("b").Then(Says("I'm sorry, but I can't help with that."));
  Model("c").Then(Says("I'm sorry, but I can't help with that."));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "I would re");
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(UnusableTest, ACriticThatFailedAsAMemberIsNotAskedAgain) {
  mixture.critic = "a";
  mixture.critic_fallbacks = {"crit2"};
  Model("a").Then(FakeAnswer().Fail(kDown));
  for (const char* name : {"b", "c"}) Model(name).Then(Calls("rm"));
  Model("crit2").Then(Calls("read"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).name, "read");
  EXPECT_EQ(Model("a").calls().size(), 1u);
}

TEST_F(UnusableTest, NoRequestCostsMoreThanThePlan) {
  AllCall("rm", "{}");
  NoCriticLives();
  Model("a").Then(Calls("rm"));
  EXPECT_FALSE(Run(AskWithTools()).ok());
  const CallPlan plan = ArbitrateStrategy().Plan(mixture);
  EXPECT_EQ(static_cast<int>(observer.records.at(0)->attempts().size()),
            plan.calls + plan.fallbacks);
}

}  // namespace
}  // namespace mom::testing
