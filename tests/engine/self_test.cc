#include "service/engine/self.h"

#include "service/engine/choose_strategy.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class SelfTest : public EngineTest {
 protected:
  SelfTest() {
    mixture.strategy = kSelf;
    mixture.members = {"a"};
    mixture.samples = 3;
  }

  static Usage Took(std::int64_t prompt, std::int64_t completion) {
    Usage usage;
    usage.prompt_tokens = prompt;
    usage.completion_tokens = completion;
    return usage;
  }
};

TEST_F(SelfTest, ProseIsWrittenFromAllSamples) {
  for (int i = 1; i <= 3; ++i) Model("a").Then(Says("draft " + std::to_string(i)));
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_EQ(sink.answer()->strategy, "self");
  EXPECT_EQ(sink.answer()->strategy_reason,
            "configured; the samples go on as of synthesize: open prose");
  EXPECT_THAT(sink.All<StartedEvent>()[0].members, ElementsAre("a", "a", "a"));
  EXPECT_EQ(sink.All<StageEvent>()[1].detail, "the samples go on as of synthesize: open prose");
  const std::string asked = TextOf(Model("critic").call(0).request->messages.back());
  for (int i = 1; i <= 3; ++i) EXPECT_THAT(asked, HasSubstr("draft " + std::to_string(i)));
}

TEST_F(SelfTest, SamplesAreToldApartAndEachHasItsOwnUsage) {
  retry = RetryConfig{2, std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
  Model("a").Then(FakeAnswer().Text("draft 1").Finish(FinishReason::kStop, Took(10, 1)));
  Model("a").Then(FakeAnswer().Text("draft 2").Finish(FinishReason::kStop, Took(10, 2)));
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamOverloaded));
  Model("a").Then(FakeAnswer().Text("draft 3").Finish(FinishReason::kStop, Took(10, 4)));
  Model("critic").Then(FakeAnswer().Text("final").Finish(FinishReason::kStop, Took(50, 8)));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  const std::vector<Candidate>& candidates = sink.answer()->candidates;
  ASSERT_EQ(candidates.size(), 3u);
  for (int i = 0; i < 3; ++i) {
    const Candidate& candidate = candidates[static_cast<std::size_t>(i)];
    EXPECT_EQ(candidate.number, i + 1);
    EXPECT_EQ(candidate.completion.text, "draft " + std::to_string(i + 1));
    EXPECT_EQ(candidate.usage.completion_tokens, 1 << i);
    EXPECT_EQ(candidate.attempts, i == 2 ? 2 : 1);
  }
  EXPECT_EQ(sink.answer()->usage.prompt_tokens, 30 + 50);
  EXPECT_EQ(sink.answer()->usage.completion_tokens, 1 + 2 + 4 + 8);
  std::vector<int> told;
  for (const auto& event : sink.All<CandidateFinishedEvent>()) {
    told.push_back(event.candidate.number);
  }
  EXPECT_THAT(told, ::testing::UnorderedElementsAre(1, 2, 3));
}

TEST_F(SelfTest, WhatMustKeepAFormIsSelected) {
  Model("a").Then(Says("Sure: {}")).Then(Says("{\"b\": 1}")).Then(Says("no"));
  RunRequest request = Ask("question");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
  request.chat = std::move(chat);
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->completion.text, "{\"b\": 1}");
  EXPECT_TRUE(Model("critic").calls().empty());
}

TEST_F(SelfTest, WhatFailsAlikeIsToldOnce) {
  for (int i = 0; i < 2; ++i) {
    Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  }
  Model("a").Then(Says("draft"));
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("member a failed: UPSTREAM_ERROR"));
}

TEST_F(SelfTest, OneFailedSampleDoesNotCostTheArbiter) {
  mixture.critic = "a";
  mixture.critic_fallbacks.clear();
  RunRequest request = Ask("question");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  for (const char* name : {"read", "list"}) chat->tools.emplace_back().name = name;
  request.chat = std::move(chat);
  const auto calls = [](const char* tool) {
    return FakeAnswer().Call(0, "c", tool, "{}").Finish(FinishReason::kToolCalls);
  };
  Model("a").Then(calls("read"));
  Model("a").Then(calls("list"));
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("a").Then(calls("list"));  // as the arbiter
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(sink.answer()->completion.tool_calls.at(0).name, "list");
  EXPECT_EQ(Model("a").calls().size(), 4u);
}

TEST_F(SelfTest, AClientsSeedIsMovedSoThatTheSamplesDiffer) {
  Model("a").Always(Says("draft"));
  Model("critic").Then(Says("final"));
  RunRequest request = Ask("question");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->params.seed = 7;
  request.chat = std::move(chat);
  ASSERT_TRUE(Run(std::move(request)).ok());
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Model("a").call(static_cast<std::size_t>(i)).request->params.seed, 7 + i);
  }
}

}  // namespace
}  // namespace mom::testing
