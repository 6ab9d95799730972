#include "service/engine/synthesize.h"

#include <algorithm>

#include "service/base/reasons.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SynthesizeTest : public EngineTest {
 protected:
  SynthesizeTest() { mixture.strategy = "synthesize"; }

  static RunRequest WithTool(RunRequest request) {
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    Tool tool;
    tool.name = "read";
    chat->tools.push_back(tool);
    request.chat = std::move(chat);
    return request;
  }
  std::string CriticSaw(const std::string& critic = "critic") {
    return TextOf(Model(critic).call(0).request->messages.back());
  }
};

TEST_F(SynthesizeTest, TheCriticWritesOneAnswerFromAllCandidates) {
  AllMembersSay("draft");
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  for (const char* draft : {"draft a", "draft b", "draft c"}) {
    EXPECT_THAT(CriticSaw(), HasSubstr(draft));
  }
  const auto answer = sink.answer();
  EXPECT_EQ(answer->completion.text, "final");
  EXPECT_EQ(answer->answered_by, "critic");
  EXPECT_FALSE(answer->degraded());
  EXPECT_EQ(answer->candidates.size(), 3u);
  // Money: the sum is that of all four calls.
  EXPECT_EQ(answer->model_usages.size(), 4u);
  EXPECT_EQ(answer->usage.total_tokens(), 4 * 15);
}

TEST_F(SynthesizeTest, UnaryEmitsNoDeltas) {
  AllMembersSay("draft");
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_THAT(sink.All<DeltaEvent>(), IsEmpty());
}

TEST_F(SynthesizeTest, StreamsTheCriticAsItWrites) {
  AllMembersSay("draft");
  AsyncEvent gate(context.get_executor());
  Model("critic").Then(FakeAnswer().Text("one ").Text("two ").Wait(gate).Text("three").Finish());
  MakeEngine();
  Begin(AskStreaming("question"));
  EXPECT_EQ(sink.Text(), "one two ");
  gate.Set();
  context.restart();
  context.run();
  EXPECT_EQ(sink.Text(), "one two three");
  EXPECT_EQ(sink.answer()->completion.text, "one two three");
}

TEST_F(SynthesizeTest, HoldsTheStartUntilItsSecondPieceOrAShortWhile) {
  AllMembersSay("draft");
  AsyncEvent gate(context.get_executor());
  Model("critic").Then(FakeAnswer().Text("one ").Wait(gate).Text("two").Finish());
  MakeEngine();
  Begin(AskStreaming("question"));
  EXPECT_EQ(sink.Text(), "");                     // one piece alone is held
  while (sink.Text().empty()) context.run_one();  // until the hold's own timer
  EXPECT_EQ(sink.Text(), "one ");
  gate.Set();
  context.run();
  EXPECT_EQ(sink.Text(), "one two");
}

// What comes while the start of the text is on its way to a slow client must not be lost.
TEST_F(SynthesizeTest, WhatComesWhileTheStartIsBeingSentIsNotLost) {
  const Status failure = MakeError(StatusCode::kUnavailable, "x", reason::kUpstreamConnectionLost);
  AsyncEvent more(context.get_executor());
  const FakeAnswer start = FakeAnswer().Text("one ").Wait(more);
  const std::vector<std::pair<FakeAnswer, std::string>> cases = {
      {FakeAnswer(start).Text("two ").Text("three").Finish(), "one two three stop"},
      {FakeAnswer(start).Finish(FinishReason::kLength), "one  length"},
      {FakeAnswer(start).Fail(failure), "one  ANSWER_CUT"}};
  for (const auto& [answer, expected] : cases) {
    AllMembersSay("draft");
    Model("critic").Then(answer);
    AsyncEvent taken(context.get_executor());
    more.Clear();
    sink.events.clear();
    sink.delta_gate = &taken;
    MakeEngine();
    std::string seen;
    asio::co_spawn(context, engine->Run(AskStreaming("question"), http, sink),
                   [&](std::exception_ptr, Status status) {
                     seen = status.ok()
                                ? std::string(NameOf(*sink.answer()->completion.finish_reason))
                                : GetErrorInfo(status).reason;
                   });
    context.restart();
    while (sink.Text().empty()) context.run_one();  // the hold's timer lets the start go
    more.Set();
    context.poll();
    taken.Set();
    context.run();
    sink.delta_gate = nullptr;
    EXPECT_EQ(sink.Text() + " " + seen, expected);
  }
}

TEST_F(SynthesizeTest, ACriticsRefusalFieldOrToolCallDoesNotReachTheClient) {
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Refusal("I will not.").Finish());
  Model("crit2").Then(FakeAnswer()
                          .Text("fi")
                          .Text("nal")
                          .Call(0, "x", "read", "{}")
                          .Finish(FinishReason::kToolCalls));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), "final");
  EXPECT_EQ(sink.answer()->completion.finish_reason, FinishReason::kStop);
  EXPECT_TRUE(sink.answer()->completion.refusal.empty());
  EXPECT_EQ(sink.answer()->degraded_reasons.size(), 2u);
}

TEST_F(SynthesizeTest, OneUsableCandidateSkipsTheCritic) {
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("b").Then(Says("the only one"));
  Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamConnect));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
  EXPECT_EQ(sink.answer()->completion.text, "the only one");
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(sink.answer()->degraded_reasons.size(), 2u);
}

TEST_F(SynthesizeTest, TheCriticsFailureFallsBackThenToTheAnchor) {
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("crit2").Then(Says("second critic"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "second critic");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("critic critic: UPSTREAM_ERROR"));
}

TEST_F(SynthesizeTest, WithoutAnyCriticTheAnchorGoesOutByteForByte) {
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("crit2").Then(
      FakeAnswer().Text("half").Fail(StatusCode::kUnavailable, reason::kUpstreamIncomplete));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "draft a");
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_TRUE(sink.answer()->degraded());
}

TEST_F(SynthesizeTest, ACriticThatIsWorseThanTheAnchorIsNotPassedOn) {
  const std::vector<FakeAnswer> worse = {
      FakeAnswer().Text("I'm sorry, but I can't help with that.").Finish(),
      FakeAnswer().Text("Response 2 is right.").Finish(),
      FakeAnswer().Text("cut").Finish(FinishReason::kLength), FakeAnswer().Text("").Finish(),
      FakeAnswer().Text("").Finish(FinishReason::kContentFilter)};
  for (const FakeAnswer& answer : worse) {
    Model("critic").Then(answer);
    Model("crit2").Then(answer);
    AllMembersSay("draft");
    sink.events.clear();
    observer.records.clear();
    ASSERT_TRUE(Run(Ask("question")).ok());
    EXPECT_EQ(sink.answer()->completion.text, "draft a");
    EXPECT_EQ(sink.answer()->degraded_reasons.size(), 2u);
  }
}

TEST_F(SynthesizeTest, AStreamedCriticThatOpensWithProcessTalkIsReplacedBeforeAnythingIsShown) {
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Text("Response ").Text("2 is ").Text("best").Finish());
  Model("crit2").Then(FakeAnswer().Text("Candidate A").Text(" wins").Finish());
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), "draft a");
}

TEST_F(SynthesizeTest, AfterTheCommitPointAFailureIsATypedErrorThatNamesTheAnchor) {
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Text("one ").Text("two ").Fail(
      StatusCode::kUnavailable, reason::kUpstreamConnectionLost));
  const Status status = Run(AskStreaming("question"));
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(info.reason, reason::kAnswerCut);
  EXPECT_EQ(info.metadata.at("anchor_available"), "true");
  EXPECT_EQ(info.metadata.at("cause"), reason::kUpstreamConnectionLost);
  EXPECT_EQ(sink.answer(), nullptr);
  EXPECT_THAT(Model("crit2").calls(), IsEmpty());
}

TEST_F(SynthesizeTest, HoldAllGivesTheWholeGuaranteeToStreams) {
  mixture.stream_hold = "all";
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Text("one ").Text("two ").Fail(
      StatusCode::kUnavailable, reason::kUpstreamConnectionLost));
  Model("crit2").Then(Says("whole"));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), "whole");
}

TEST_F(SynthesizeTest, NoUsableCandidateGivesTheBestOfTheHighestGrade) {
  Model("a").Then(FakeAnswer().Text("").Finish(FinishReason::kContentFilter));
  Model("b").Then(FakeAnswer().Text("cut he").Finish(FinishReason::kLength));
  Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "cut he");
  EXPECT_EQ(sink.answer()->completion.finish_reason, FinishReason::kLength);
  EXPECT_TRUE(sink.answer()->degraded());
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(SynthesizeTest, ARefusalByAllIsPassedOn) {
  for (const char* name : {"a", "b", "c"}) {
    Model(name).Then(Says("I'm sorry, but I can't help with that."));
  }
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), "I'm sorry, but I can't help with that.");
}

TEST_F(SynthesizeTest, NobodyAnsweringNamesEachMembersReason) {
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("b").Then(FakeAnswer().Text(" ").Finish());
  Model("c").Then(FakeAnswer().Fail(StatusCode::kFailedPrecondition, reason::kUpstreamAuth));
  const Status status = Run(Ask("question"));
  EXPECT_EQ(status.code(), StatusCode::kUnavailable);
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(info.reason, reason::kAllMembersFailed);
  EXPECT_EQ(info.metadata.at("member.a"), reason::kUpstreamError);
  EXPECT_EQ(info.metadata.at("member.b"), reason::kEmptyCompletion);
  EXPECT_EQ(info.metadata.at("member.c"), reason::kUpstreamAuth);
}

TEST_F(SynthesizeTest, AllRateLimitedIsARateLimitWithTheSmallestWait) {
  int seconds = 30;
  for (const char* name : {"a", "b", "c"}) {
    ErrorInfo info;
    info.reason = reason::kUpstreamRateLimited;
    info.retry_after = std::chrono::seconds(seconds--);
    Model(name).Then(FakeAnswer().Fail(MakeError(StatusCode::kResourceExhausted, "slow", info)));
  }
  const Status status = Run(Ask("question"));
  EXPECT_EQ(status.code(), StatusCode::kResourceExhausted);
  EXPECT_EQ(GetErrorInfo(status).retry_after, std::chrono::seconds(28));
}

TEST_F(SynthesizeTest, AValidToolCallGoesOutUnchangedTheFirstInMemberOrder) {
  const RunRequest request = WithTool(AskStreaming("read it"));
  Model("a").Then(Says("I would read it."));
  Model("b").Then(
      FakeAnswer().Call(0, "", "read", R"({"path": "x"})").Finish(FinishReason::kToolCalls));
  Model("c").Then(
      FakeAnswer().Call(0, "id-c", "read", R"({"path":"y"})").Finish(FinishReason::kToolCalls));
  ASSERT_TRUE(Run(request).ok());
  const auto answer = sink.answer();
  ASSERT_EQ(answer->completion.tool_calls.size(), 1u);
  EXPECT_EQ(answer->completion.tool_calls[0].arguments_json, R"({"path": "x"})");
  EXPECT_FALSE(answer->completion.tool_calls[0].id.empty());
  EXPECT_EQ(answer->completion.finish_reason, FinishReason::kToolCalls);
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
  EXPECT_EQ(Model("a").call(0).request->tools.size(), 1u);
}

TEST_F(SynthesizeTest, CallsThatCannotBeMadeNeverGoOut) {
  mixture.repair = false;
  const auto half = FakeAnswer().Call(0, "x", "read", R"({"path": "x)");
  const auto calls = FakeAnswer(half).Finish(FinishReason::kToolCalls);
  for (const char* name : {"a", "c"}) Model(name).Then(calls);
  Model("b").Then(FakeAnswer()
                      .Text("I read it.")
                      .Call(0, "x", "read", R"({"path": "x)")
                      .Finish(FinishReason::kToolCalls));
  ASSERT_TRUE(Run(WithTool(Ask("read it"))).ok());
  const auto answer = sink.answer();
  EXPECT_EQ(answer->completion.text, "I read it.") << "what can be seen goes out";
  EXPECT_THAT(answer->completion.tool_calls, IsEmpty());
  EXPECT_EQ(answer->completion.finish_reason, FinishReason::kStop);
  EXPECT_TRUE(answer->degraded());

  observer.records.clear();
  for (const char* name : {"a", "b", "c"}) Model(name).Then(calls);
  const Status status = Run(WithTool(Ask("read it")));
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(info.reason, reason::kAllMembersFailed);
  EXPECT_EQ(info.metadata.at("member.b"), reason::kMalformedToolCall);
}

TEST_F(SynthesizeTest, ACriticIsAskedWithoutWhatItCannotTake) {
  models["critic"].tools = models["critic"].images = false;
  mixture.members = {"a", "b"};
  mixture.quorum = 2;
  for (const char* name : {"a", "b"}) Model(name).Then(Says("a cat"));
  Model("critic").Then(Says("A cat."));
  RunRequest request = WithTool(Ask("look"));
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  ImagePart image;
  image.url = "data:image/png;base64,AA==";
  chat->messages[0].content.emplace_back(image);
  request.chat = chat;
  ASSERT_TRUE(Run(request).ok());
  const ChatRequest& asked = *Model("critic").call(0).request;
  EXPECT_THAT(asked.tools, IsEmpty());
  EXPECT_FALSE(asked.tool_choice);
  EXPECT_EQ(TextOf(asked.messages[0]), "look[an image, left out]");
  EXPECT_EQ(asked.messages[0].content.size(), 2u);
  EXPECT_EQ(Model("a").call(0).request->messages[0].content.size(), 2u);
  EXPECT_THAT(sink.answer()->notes,
              ElementsAre("model critic was asked without the request's tools (models.critic.tools "
                          "is false)",
                          "model critic was asked without the request's images "
                          "(models.critic.images is false)"));
}

TEST_F(SynthesizeTest, StragglersAreCancelledAfterTheGraceAndTheirCostIsCounted) {
  mixture.grace.min = std::chrono::milliseconds(1);
  Model("a").Then(Says("draft a"));
  Model("b").Then(Says("draft b"));
  Model("c").Then(FakeAnswer().Text("half").Hang());
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_TRUE(Model("c").call(0).cancelled);
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_EQ(sink.answer()->candidates[2].state, CandidateState::kCancelled);
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_EQ(sink.answer()->model_usages.size(), 4u);
}

TEST_F(SynthesizeTest, ProgressAndCandidateDeltasComeOnlyWhereAsked) {
  AllMembersSay("draft");
  Model("critic").Then(Says("final"));
  RunRequest request = AskStreaming("question");
  request.want_candidate_deltas = true;
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(sink.All<CandidateFinishedEvent>().size(), 3u);
  std::string texts;
  for (const CandidateDeltaEvent& event : sink.All<CandidateDeltaEvent>()) {
    texts += event.delta.text;
  }
  EXPECT_THAT(texts, HasSubstr("draft b"));
  std::vector<std::string> stages;
  for (const StageEvent& event : sink.All<StageEvent>()) stages.push_back(event.name);
  EXPECT_THAT(stages, ElementsAre("strategy", "members", "quorum", "gathered", "critic"));
}

TEST_F(SynthesizeTest, TheAnswersOwnUsageLeavesTheDraftsOut) {
  mixture.members = {"a", "critic"};
  Usage member;
  member.prompt_tokens = 100;
  member.completion_tokens = 7;
  Model("a").Then(Says("draft"));
  Model("critic").Then(FakeAnswer().Text("draft").Finish(FinishReason::kStop, member));
  Usage critic;
  critic.prompt_tokens = 500;
  critic.completion_tokens = 9;
  Model("critic").Then(FakeAnswer().Text("final").Finish(FinishReason::kStop, critic));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answer_usage.prompt_tokens, 100);
  EXPECT_EQ(sink.answer()->answer_usage.completion_tokens, 9);
  EXPECT_FALSE(sink.answer()->answer_usage.estimated);
  EXPECT_EQ(sink.answer()->usage.prompt_tokens, 10 + 100 + 500);
}

TEST_F(SynthesizeTest, AMemberThatCannotTakeImagesIsSkipped) {
  models["a"].images = false;
  RunRequest request = Ask("look");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  ImagePart image;
  image.url = "data:image/png;base64,AA==";
  chat->messages[0].content.emplace_back(image);
  request.chat = chat;
  Model("b").Then(Says("a cat"));
  Model("c").Then(Says("a cat"));
  Model("critic").Then(Says("a cat"));
  ASSERT_TRUE(Run(request).ok());
  EXPECT_THAT(Model("a").calls(), IsEmpty());
  EXPECT_EQ(sink.answer()->candidates[0].state, CandidateState::kSkipped);
}

}  // namespace
}  // namespace mom::testing
