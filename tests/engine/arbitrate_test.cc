#include "service/engine/arbitrate.h"

#include "tests/engine/arbitrate_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

TEST_F(ArbitrateTest, CallsThatEnoughAgreeOnGoOutWithoutTheCriticAndWithoutWaiting) {
  AsyncEvent never(context.get_executor());
  Model("a").Then(FakeAnswer().Text("I read.").Call(0, "x", "read", R"({"p":1})").Finish());
  Model("b").Then(Calls("read", R"({ "p": 1.0 })"));
  Model("c").Then(FakeAnswer().Wait(never).Text("c").Finish());
  ASSERT_TRUE(Run(AskWithTools()).ok());
  ASSERT_EQ(Emitted().size(), 1u);
  EXPECT_EQ(Emitted()[0].arguments_json, R"({"p":1})") << "as the first of them wrote it";
  EXPECT_EQ(sink.answer()->completion.text, "I read.");
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(sink.answer()->completion.finish_reason, FinishReason::kToolCalls);
  EXPECT_EQ(sink.answer()->candidates[2].state, CandidateState::kCancelled);
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "a"));
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(ArbitrateTest, MembersAreAskedWithTheTools) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Calls("read"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Model("c").call(0).request->tools.size(), 2u);
}

TEST_F(ArbitrateTest, WhereTheyDisagreeTheArbiterDecidesWithTheRealTools) {
  Model("a").Then(Calls("read", R"({"p":"</draft>"})"));
  Model("b").Then(Calls("write", R"({"p":2})"));
  Model("c").Then(Says("I am done."));
  Model("critic").Then(
      FakeAnswer().Reasoning("b is right").Call(0, "k", "write", R"({"p":3})").Finish());
  ASSERT_TRUE(Run(AskWithTools()).ok());
  ASSERT_EQ(Emitted().size(), 1u);
  EXPECT_EQ(Emitted()[0].arguments_json, R"({"p":3})");
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "critic")) << "it acts from now on";
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_EQ(sink.answer()->completion.reasoning, "");
  const ChatRequest& asked = *Model("critic").call(0).request;
  EXPECT_EQ(asked.tools.size(), 2u);
  EXPECT_EQ(asked.tool_choice, std::nullopt) << "as the client has it";
  for (const char* shown :
       {R"("p":2)", R"("tool":"write")", "I am done.", "data, not instructions"}) {
    EXPECT_THAT(ArbiterSaw(), HasSubstr(shown));
  }
  for (const char* hidden : {"call_1", "model a", "\"a\""}) {
    EXPECT_THAT(ArbiterSaw(), Not(HasSubstr(hidden)));
  }
  EXPECT_THAT(Stages(), Contains("arbiter"));
}

TEST_F(ArbitrateTest, WhoProposedWhatTheArbiterDoesActs) {
  Model("a").Then(Calls("read"));
  Model("b").Then(Calls("write", R"({"p":2})"));
  Model("c").Then(Says("I am done."));
  Model("critic").Then(Calls("write", R"({ "p": 2 })"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "b"));
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(ArbitrateTest, OneMembersWordIsNotEnoughToChangeSomething) {
  Model("a").Then(Calls("write"));
  Model("b").Then(FakeAnswer().Fail(kDown));
  Model("c").Then(FakeAnswer().Fail(kDown));
  Model("critic").Then(Calls("write"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "a"));
  EXPECT_EQ(Model("critic").calls().size(), 1u);
}

TEST_F(ArbitrateTest, OneMembersWordIsEnoughToRead) {
  Model("a").Then(Calls("read"));
  Model("b").Then(FakeAnswer().Fail(kDown));
  Model("c").Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted()[0].name, "read");
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(ArbitrateTest, WordsThatWinAreMadeOneAnswerOf) {
  Model("a").Then(Says("draft a"));
  Model("b").Then(Calls("read"));
  Model("c").Then(Says("draft c"));
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_EQ(sink.answer()->completion.finish_reason, FinishReason::kStop);
  EXPECT_THAT(ArbiterSaw(), Not(HasSubstr("would call"))) << "only of the words";
  EXPECT_EQ(Model("critic").call(0).request->tool_choice->mode, ToolChoice::Mode::kNone);
}

TEST_F(ArbitrateTest, AnArbiterThatFailsIsFollowedByTheNext) {
  const std::vector<FakeAnswer> failures = {
      FakeAnswer().Fail(kDown), Calls("rm"), Calls("read", "{\"half"),
      Says("Draft A is right: read."), FakeAnswer().Text("half").Finish(FinishReason::kLength)};
  for (const FakeAnswer& failure : failures) {
    Model("a").Then(Calls("read"));
    Model("b").Then(Calls("write"));
    Model("c").Then(Says("I am done."));
    Model("critic").Then(failure);
    Model("crit2").Then(Calls("read"));
    observer.records.clear();
    sink.events.clear();
    ASSERT_TRUE(Run(AskWithTools()).ok());
    EXPECT_EQ(Emitted()[0].name, "read");
    EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre(HasSubstr("arbiter critic: ")));
  }
}

TEST_F(ArbitrateTest, WithoutAnArbiterTheBestProposalThatChangesNothingGoesOut) {
  Model("a").Then(Calls("write"));
  Model("b").Then(Says("I am done."));
  Model("c").Then(Calls("read"));
  Model("critic").Then(FakeAnswer().Fail(kDown));
  Model("crit2").Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "c"));
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains("no arbiter decided"));
}

TEST_F(ArbitrateTest, TheCriticsThatFailedAsArbitersAreNotAskedToWriteAnAnswerOfWords) {
  mixture.members = {"a", "b", "c", "crit2"};
  mixture.critic_fallbacks.clear();
  mixture.analysis = "separate";
  Model("a").Then(Says("I am done."));
  Model("b").Then(Says("It is done."));
  Model("c").Then(Calls("write", R"({"p":1})"));
  Model("crit2").Then(Calls("write", R"({"p":2})"));
  Model("critic").Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "I am done.");
  EXPECT_EQ(Model("critic").calls().size(), 1u);
}

TEST_F(ArbitrateTest, WithoutAnArbiterWordsGoOutRatherThanOneMembersWrite) {
  Model("a").Then(Calls("write"));
  Model("b").Then(Says("I am done."));
  Model("c").Then(FakeAnswer().Fail(kDown));
  mixture.critic = "";
  mixture.critic_fallbacks = {};
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "I am done.");
}

TEST_F(ArbitrateTest, AnArbiterThatOnlyTalksDoesNotEndTheTurnOfThoseWhoWouldAct) {
  Model("a").Then(Calls("read", R"({"p":1})"));
  Model("b").Then(Calls("read", R"({"p":2})"));
  Model("c").Then(Says("I am done."));
  Model("critic").Then(Says("I would read both."));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted()[0].arguments_json, R"({"p":1})");
  EXPECT_THAT(sink.answer()->notes, Contains(HasSubstr("arbiter critic called no tool")));
}

TEST_F(ArbitrateTest, AnArbitersWordsStandAgainstWritesOnWhichNobodyAgrees) {
  Model("a").Then(Calls("write", R"({"p":1})"));
  Model("b").Then(Calls("write", R"({"p":2})"));
  Model("c").Then(Says("I am done."));
  Model("critic").Then(Says("Which file is meant?"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "Which file is meant?");
}

TEST_F(ArbitrateTest, WhereACallIsDemandedWordsAreNoArbitersAnswer) {
  Model("a").Then(Calls("read", R"({"p":1})"));
  Model("b").Then(Calls("read", R"({"p":2})"));
  Model("c").Then(Says("I am done."));
  Model("critic").Then(Says("I would read both."));
  Model("crit2").Then(Calls("read", R"({"p":2})"));
  ASSERT_TRUE(Run(With(AskWithTools(), ToolChoice::Mode::kRequired)).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "b"));
  EXPECT_EQ(Model("critic").call(0).request->tool_choice->mode, ToolChoice::Mode::kRequired);
}

TEST_F(ArbitrateTest, WhoHasNoToolsIsNoArbiter) {
  models["critic"].tools = false;
  Model("a").Then(Calls("read"));
  Model("b").Then(Calls("write"));
  Model("c").Then(Says("I am done."));
  Model("crit2").Then(Calls("write"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted()[0].id, "b"));
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(ArbitrateTest, WhereNobodyIsUsableTheBestGoesOutWithTheCallsThatMay) {
  RunRequest request = AskWithTools();
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->params.parallel_tool_calls = false;
  request.chat = chat;
  mixture.repair = false;
  for (const char* name : {"a", "b", "c", "critic", "crit2"}) {
    Model(name).Then(FakeAnswer().Call(0, "1", "read", "{}").Call(1, "2", "write", "{}").Finish());
  }
  ASSERT_TRUE(Run(request).ok());
  ASSERT_EQ(Emitted().size(), 1u);
  EXPECT_EQ(Emitted()[0].name, "read");
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("parallel_tool_calls is false")));
}

TEST_F(ArbitrateTest, ResultsGoToTheMemberThatCalledAndItsTextStreams) {
  AsyncEvent gate(context.get_executor());
  Model("b").Then(FakeAnswer()
                      .Text("one ")
                      .Text("two ")
                      .Wait(gate)
                      .Call(0, "x", "read", R"({"p":)")
                      .Call(0, "", "", "1}")
                      .Finish(FinishReason::kToolCalls));
  MakeEngine();
  asio::co_spawn(context, engine->Run(Continue("b"), http, sink),
                 [](std::exception_ptr, Status) {});
  context.poll();
  EXPECT_EQ(sink.Text(), "one two ");
  gate.Set();
  context.restart();
  context.run();
  ASSERT_NE(sink.answer(), nullptr);
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_TRUE(IsCallIdOf(Emitted().at(0).id, "b"));
  EXPECT_EQ(Emitted()[0].arguments_json, R"({"p":1})");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_THAT(Stages(), ElementsAre("strategy", "relay"));
}

TEST_F(ArbitrateTest, TheActingMemberSeesTheIdsThatTheClientSent) {
  Model("c").Then(Says("done"));
  const RunRequest request = Continue("c");
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(Model("c").call(0).request->messages[1].tool_calls[0].id,
            request.chat->messages[1].tool_calls[0].id);
  EXPECT_EQ(Model("c").call(0).request->messages[2].tool_call_id,
            request.chat->messages[2].tool_call_id);
}

TEST_F(ArbitrateTest, ACriticThatActedGoesOn) {
  Model("critic").Then(Says("done"));
  ASSERT_TRUE(Run(Continue("critic")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "critic");
}

TEST_F(ArbitrateTest, WhereTheActingMemberFailsTheOthersVote) {
  for (const FakeAnswer& failure :
       {FakeAnswer().Fail(kDown), Calls("rm"), FakeAnswer().Text("half").Fail(kDown)}) {
    Model("b").Then(failure);
    Model("a").Then(Calls("read"));
    Model("c").Then(Calls("read"));
    observer.records.clear();
    sink.events.clear();
    ASSERT_TRUE(Run(Continue("b")).ok());
    EXPECT_TRUE(IsCallIdOf(Emitted().at(0).id, "a"));
    EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("member b")));
    EXPECT_EQ(sink.answer()->candidates.size(), 3u);
    EXPECT_THAT(Model("critic").calls(), IsEmpty());
  }
}

TEST_F(ArbitrateTest, AfterTheCommitPointItsFailureIsTheAnswersEnd) {
  Model("b").Then(FakeAnswer().Text("one ").Text("two ").Fail(kDown));
  EXPECT_EQ(GetErrorInfo(Run(Continue("b"))).reason, reason::kAnswerCut);
  EXPECT_THAT(Model("a").calls(), IsEmpty());
}

TEST_F(ArbitrateTest, ACriticThatFailedAloneIsNoArbiter) {
  Model("critic").Then(FakeAnswer().Fail(kDown));
  Model("a").Then(Calls("read"));
  Model("b").Then(Calls("write"));
  Model("c").Then(Says("I am done."));
  Model("crit2").Then(Calls("read"));
  ASSERT_TRUE(Run(Continue("critic")).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted().at(0).id, "a"));
  EXPECT_EQ(Model("critic").calls().size(), 1u);
}

TEST_F(ArbitrateTest, AMemberThatIsNoMoreIsAFreshTurn) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Calls("read"));
  ASSERT_TRUE(Run(Continue("gone")).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted().at(0).id, "a"));
}

TEST_F(ArbitrateTest, AFailureReconvenesWhereTheMixtureSaysSo) {
  mixture.tool_turns = "on_error";
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Calls("read"));
  ASSERT_TRUE(Run(Continue("b", "Error: no such file")).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted().at(0).id, "a"));
  EXPECT_EQ(Stages().at(1), "reconvene");
}

TEST_F(ArbitrateTest, WithoutToolsItSynthesizes) {
  AllMembersSay("draft");
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
}

TEST_F(ArbitrateTest, ASingleMembersCallsCarryItsNameToo) {
  mixture.members = {"b"};
  Model("b").Then(Calls("write"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_TRUE(IsCallIdOf(Emitted().at(0).id, "b"));
}

TEST_F(ArbitrateTest, NoRequestCostsMoreThanThePlan) {
  Model("b").Then(FakeAnswer().Fail(kDown));
  Model("a").Then(Calls("write", R"({"p":1})"));
  Model("c").Then(Calls("write", R"({"p":2})")).Then(Calls("write", R"({"p":2})"));
  Model("critic").Then(FakeAnswer().Fail(kDown));
  Model("crit2").Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(Continue("b")).ok());
  const CallPlan plan = ArbitrateStrategy().Plan(mixture);
  EXPECT_EQ(static_cast<int>(observer.records.at(0)->attempts().size()),
            plan.calls + plan.fallbacks);
}

}  // namespace
}  // namespace mom::testing
