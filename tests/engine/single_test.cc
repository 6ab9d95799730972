#include "service/engine/single.h"

#include "service/base/reasons.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SingleTest : public EngineTest {
 protected:
  static RunRequest AskModel(const std::string& model) {
    RunRequest request = AskStreaming("question");
    request.model = model;
    return request;
  }
};

TEST_F(SingleTest, AModelAskedByNameIsPassedOnAsItComes) {
  Model("b").Then(FakeAnswer().Reasoning("hm").Text("one ").Text("two").Finish());
  ASSERT_TRUE(Run(AskModel("b")).ok());
  EXPECT_EQ(sink.Text(), "one two");
  const auto answer = sink.answer();
  EXPECT_EQ(answer->completion.reasoning, "hm");
  EXPECT_EQ(answer->model, "b");
  EXPECT_EQ(answer->strategy, "single");
  EXPECT_EQ(answer->answered_by, "b");
}

TEST_F(SingleTest, ItsCutOrRefusedAnswerIsItsAnswer) {
  Model("a").Then(FakeAnswer().Text("T").Finish(FinishReason::kLength));
  ASSERT_TRUE(Run(AskModel("a")).ok());
  EXPECT_EQ(sink.Text(), "T");
  EXPECT_EQ(sink.answer()->completion.finish_reason, FinishReason::kLength);
}

TEST_F(SingleTest, BlanksAloneAreNoAnswer) {
  Model("a").Then(FakeAnswer().Text("\n").Text(" ").Text("\n").Finish());
  EXPECT_EQ(GetErrorInfo(Run(AskModel("a"))).reason, reason::kEmptyCompletion);
  EXPECT_EQ(sink.Text(), "");
}

TEST_F(SingleTest, BlanksGoOutWithTheFirstWords) {
  Model("a").Then(FakeAnswer().Text("\n").Reasoning("hm").Text(" ").Text("T").Finish());
  ASSERT_TRUE(Run(AskModel("a")).ok());
  EXPECT_EQ(sink.Text(), "\n T");
  EXPECT_EQ(sink.answer()->completion.reasoning, "hm");
}

TEST_F(SingleTest, AConversationThatIsTooLongGoesToALargerWindow) {
  mixture.strategy = "single";
  models["a"].context_window = models["b"].context_window = 8000;
  models["c"].context_window = 32000;
  Model("a").Then(FakeAnswer().Fail(StatusCode::kInvalidArgument, reason::kContextLengthExceeded));
  Model("c").Then(Says("by c"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  const auto answer = sink.answer();
  EXPECT_EQ(answer->answered_by, "c");
  EXPECT_THAT(Model("b").calls(), IsEmpty());
  EXPECT_EQ(answer->candidates[1].state, CandidateState::kSkipped);
  EXPECT_EQ(GetErrorInfo(answer->candidates[1].error).reason, reason::kContextLengthExceeded);
  EXPECT_EQ(Model("c").calls().at(0)->request->messages.size(), 1u);
}

TEST_F(SingleTest, AWindowThatIsNotKnownMayBeLarger) {
  mixture.strategy = "single";
  models["a"].context_window = 8000;
  Model("a").Then(FakeAnswer().Fail(StatusCode::kInvalidArgument, reason::kContextLengthExceeded));
  Model("b").Then(Says("by b"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(SingleTest, FailsOverBeforeTheCommitPointOnly) {
  mixture.strategy = "single";
  Model("a").Then(
      FakeAnswer().Text("half").Fail(StatusCode::kUnavailable, reason::kUpstreamConnectionLost));
  Model("b").Then(FakeAnswer().Text("one ").Text("two ").Fail(StatusCode::kUnavailable,
                                                              reason::kUpstreamConnectionLost));
  const Status status = Run(AskModel("mom"));
  EXPECT_EQ(sink.Text(), "one two ");
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kAnswerCut);
  EXPECT_EQ(MessageOf(status),
            "the answer broke off before its end (scripted failure); discard what was sent and ask "
            "again; mixtures.mom.stream_hold: all sends no part before the whole is there");
  EXPECT_THAT(Model("c").calls(), IsEmpty());
}

// Of several members, where the answer must be JSON.
class SingleFormTest : public SingleTest {
 protected:
  SingleFormTest() { mixture.strategy = "single"; }

  static RunRequest AskForJson(const std::string& model = "mom") {
    RunRequest request = AskModel(model);
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
    request.chat = std::move(chat);
    return request;
  }
  static FakeAnswer Refuses() { return Says("I'm sorry, but I can't help with that."); }
};

TEST_F(SingleFormTest, WhatBreaksTheFormIsHeldAndTheNextOneIsAsked) {
  Model("a").Then(FakeAnswer().Text("no ").Text("JSON ").Text("here").Finish());
  Model("b").Then(FakeAnswer().Text("{\"b\": ").Text("1}").Finish());
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.Text(), "{\"b\": 1}");
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre(HasSubstr("member a: contract_broken: ")));
  EXPECT_THAT(Model("c").calls(), IsEmpty());
}

TEST_F(SingleFormTest, WhereNobodyKeepsItTheBestOneIsRepaired) {
  Model("a").Then(Refuses());
  Model("b").Then(Says("no JSON"));
  Model("b").Then(Says("{\"b\": 2}"));
  Model("c").Then(FakeAnswer().Text("{\"c\"").Finish(FinishReason::kLength));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.Text(), "{\"b\": 2}");
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(SingleFormTest, WhereNobodyCanKeepItTheBestGoesOutDegraded) {
  Model("a").Then(Refuses());
  Model("b").Then(Says("no JSON"));
  Model("b").Then(Says("still none"));
  Model("c").Then(FakeAnswer().Text("{\"c\"").Finish(FinishReason::kLength));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.Text(), "no JSON");
  EXPECT_EQ(sink.answer()->degraded_reasons.size(), 5u)
      << "each member, the repair, and the answer";
}

TEST_F(SingleFormTest, TheOnlyMembersAnswerIsHeldAndRepaired) {
  mixture.members = {"a"};
  Model("a").Then(FakeAnswer().Text("no ").Text("JSON ").Text("here").Finish());
  Model("a").Then(FakeAnswer().Text("{\"a\": ").Text("1}").Finish());
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.Text(), "{\"a\": 1}");
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre(HasSubstr("member a: contract_broken: ")));
}

TEST_F(SingleFormTest, ACallThatIsDemandedIsWaitedForBeforeTheWords) {
  mixture.members = {"a", "b"};
  RunRequest request = AskModel("mom");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->tools.emplace_back().name = "read";
  chat->tool_choice.emplace().mode = ToolChoice::Mode::kRequired;
  request.chat = std::move(chat);
  Model("a").Then(FakeAnswer().Text("I will ").Text("read it ").Text("soon").Finish());
  Model("b").Then(FakeAnswer().Text("Let me ").Text("see").Call(0, "c1", "read", "{}").Finish());
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(sink.Text(), "Let me see");
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(SingleFormTest, WithoutRepairOneMemberIsPassedOnAsItComesAndItsFormIsChecked) {
  mixture.members = {"a"};
  mixture.repair = false;
  Model("a").Then(FakeAnswer().Text("no ").Text("JSON ").Text("here").Finish());
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.All<DeltaEvent>().size(), 2u) << "not held";
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre(HasSubstr("member a: contract_broken: ")));
}

TEST_F(SingleFormTest, AModelByItsOwnNameIsAsItIs) {
  Model("a").Then(FakeAnswer().Text("no ").Text("JSON ").Text("here").Finish());
  ASSERT_TRUE(Run(AskForJson("a")).ok());
  EXPECT_EQ(sink.All<DeltaEvent>().size(), 2u);
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(SingleFormTest, ARefusalAsksTheNextOneWhetherStreamedOrNot) {
  for (const bool streaming : {false, true}) {
    sink.events.clear();
    observer.records.clear();
    Model("a").Then(FakeAnswer()
                        .Reasoning("hm")
                        .Text("I'm sorry, but ")
                        .Text("I can't help ")
                        .Text("with that.")
                        .Finish());
    Model("b").Then(Says("by b"));
    RunRequest request = AskModel("mom");
    request.streaming = streaming;
    ASSERT_TRUE(Run(request).ok());
    EXPECT_EQ(sink.answer()->completion.text, "by b");
    EXPECT_EQ(sink.Text(), streaming ? "by b" : "");
    EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre(HasSubstr("member a: refused")));
  }
}

TEST_F(SingleFormTest, WhatWasThoughtGoesOutOnce) {
  mixture.members = {"a", "b"};
  Model("a").Then(FakeAnswer().Reasoning("hm").Text("I'm sorry, but I can't help.").Finish());
  Model("b").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  ASSERT_TRUE(Run(AskModel("mom")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(sink.answer()->completion.reasoning, "hm");
}

TEST_F(SingleFormTest, WhereAllRefuseTheFirstOnesRefusalGoesOut) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Refuses());
  ASSERT_TRUE(Run(AskModel("mom")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_TRUE(sink.answer()->degraded());
}

TEST_F(SingleFormTest, WhatOnlyBeginsLikeARefusalGoesOutWhole) {
  const std::string rest(700, 'x');
  Model("a").Then(
      FakeAnswer().Text("I can't help with that, ").Text("but: ").Text(rest).Text(" end").Finish());
  ASSERT_TRUE(Run(AskModel("mom")).ok());
  EXPECT_EQ(sink.Text(), "I can't help with that, but: " + rest + " end");
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(SingleFormTest, ARefusalThatBreaksOffIsNotLetOut) {
  Model("a").Then(FakeAnswer()
                      .Text("I'm sorry, but ")
                      .Text("I can't help with that")
                      .Fail(StatusCode::kUnavailable, reason::kUpstreamConnectionLost));
  Model("b").Then(Says("by b"));
  ASSERT_TRUE(Run(AskModel("mom")).ok());
  EXPECT_EQ(sink.Text(), "by b");
}

TEST_F(SingleFormTest, ProseThatIsCutIsTheAnswer) {
  Model("a").Then(FakeAnswer().Text("T").Finish(FinishReason::kLength));
  ASSERT_TRUE(Run(AskModel("mom")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(SingleTest, ItsOwnErrorIsTheRequests) {
  Model("a").Then(FakeAnswer().Fail(StatusCode::kFailedPrecondition, reason::kUpstreamAuth));
  EXPECT_EQ(GetErrorInfo(Run(AskModel("a"))).reason, reason::kUpstreamAuth);
}

TEST_F(SingleTest, AClientThatDoesNotReadIsWaitedForUntilTheDeadlineOnly) {
  AsyncEvent never(context.get_executor());
  sink.delta_gate = &never;
  Model("a").Then(FakeAnswer().Text("one ").Text("two ").Text("three").Finish());
  RunRequest request = AskModel("a");
  request.timeout = std::chrono::milliseconds(10);
  const Status status = Run(request);
  EXPECT_EQ(status.code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kAnswerCut);
  EXPECT_EQ(GetErrorInfo(status).metadata["cause"], reason::kDeadline);
  EXPECT_EQ(MessageOf(status).find("stream_hold"), std::string::npos) << "no mixture has it";
  EXPECT_EQ(Model("a").call(0).deltas, 2);
  EXPECT_TRUE(Model("a").call(0).cancelled);
}

TEST_F(SingleTest, TextStreamsWhileToolCallsWaitUntilTheyAreWhole) {
  RunRequest request = AskModel("a");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  Tool tool;
  tool.name = "read";
  chat->tools.push_back(tool);
  request.chat = chat;
  Model("a").Then(FakeAnswer()
                      .Text("I read ")
                      .Text("it.")
                      .Call(0, "id1", "read", "{\"pa")
                      .Call(0, "", "", "th\":1}")
                      .Finish(FinishReason::kToolCalls));
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(sink.Text(), "I read it.");
  std::vector<ToolCallDelta> calls;
  for (const DeltaEvent& event : sink.All<DeltaEvent>()) {
    calls.insert(calls.end(), event.delta.tool_calls.begin(), event.delta.tool_calls.end());
  }
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].id, "id1");
  EXPECT_EQ(calls[0].arguments_json, "{\"path\":1}");
}

TEST_F(SingleTest, MalformedCallsAfterStreamedTextAreAnErrorNotACall) {
  Model("a").Then(FakeAnswer()
                      .Text("I ")
                      .Text("read.")
                      .Call(0, "x", "read", "{\"pa")
                      .Finish(FinishReason::kToolCalls));
  const Status status = Run(AskModel("a"));
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kAnswerCut);
  for (const DeltaEvent& event : sink.All<DeltaEvent>()) {
    EXPECT_THAT(event.delta.tool_calls, IsEmpty());
  }
}

TEST_F(SingleTest, UnknownNamesAreNotFoundWithTheNearestOne) {
  const Status status = Run(AskModel("critix"));
  EXPECT_EQ(status.code(), StatusCode::kNotFound);
  EXPECT_THAT(MessageOf(status), HasSubstr("did you mean `critic`"));
}

TEST_F(SingleTest, ModelQueryDoesNotFindMixtures) {
  RunRequest request = AskModel("mom");
  request.model_only = true;
  EXPECT_EQ(Run(request).code(), StatusCode::kNotFound);
}

TEST_F(SingleTest, OverridesAreChecked) {
  RunRequest members = AskModel("mom");
  members.members = {"a", "nobody"};
  EXPECT_EQ(GetErrorInfo(Run(members)).field, "members");
  observer.records.clear();
  RunRequest critic = AskModel("mom");
  critic.critic = "nobody";
  EXPECT_EQ(GetErrorInfo(Run(critic)).field, "critic");
  observer.records.clear();
  RunRequest quorum = AskModel("mom");
  quorum.quorum = 4;
  EXPECT_EQ(GetErrorInfo(Run(quorum)).field, "quorum");
}

}  // namespace
}  // namespace mom::testing
