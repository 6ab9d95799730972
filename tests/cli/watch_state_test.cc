#include "clients/cli/watch_state.h"

#include <gtest/gtest.h>

#include "tests/cli/run_events.h"

namespace mom::cli {
namespace {

using std::chrono::milliseconds;
using testing::At;
using testing::Event;
using Phase = WatchedModel::Phase;

TEST(WatchStateTest, WhatMomdMeasuredReplacesWhatWasSeen) {
  WatchState state(At(0));
  state.Take(Event(testing::kStarted), At(10));
  state.Take(Event(testing::kAlphaWrites), At(500));
  EXPECT_EQ(state.members()[0].time_to_first_token, milliseconds(490));
  state.Take(Event(testing::kAlphaFinished), At(2000));
  EXPECT_EQ(state.members()[0].time_to_first_token, milliseconds(410));
  EXPECT_EQ(state.members()[0].latency, milliseconds(1900));
  EXPECT_EQ(state.usable(), 1);
}

TEST(WatchStateTest, ThinkingEndsWithTheFirstText) {
  WatchState state(At(0));
  state.Take(Event(testing::kStarted), At(0));
  const WatchedModel& gamma = state.members()[2];
  EXPECT_EQ(gamma.phase, Phase::kWaiting);
  state.Take(Event(testing::kGammaThinks), At(1));
  EXPECT_EQ(gamma.phase, Phase::kThinking);
  state.Take(Event(R"(candidate_delta { model: "gamma" number: 3 delta { text: "So." } })"), At(2));
  EXPECT_EQ(gamma.phase, Phase::kWriting);
  state.Take(Event(testing::kGammaThinks), At(3));
  EXPECT_EQ(gamma.phase, Phase::kWriting);
  EXPECT_EQ(gamma.GuessedTokens(), 4);  // 13 bytes
}

// momd sums up by model: what a critic took as a member is not its work as critic.
TEST(WatchStateTest, ACriticThatIsAMemberTooCountsItsSecondCallOnly) {
  WatchState state(At(0));
  state.Take(Event(testing::kStarted), At(0));
  state.Take(Event(testing::kAlphaFinished), At(1));
  state.Take(Event(R"(stage { name: "critic" model: "alpha" })"), At(2));
  state.Take(Event(R"(completed { model_usages { model: "alpha" usage {
      prompt_tokens: 420 completion_tokens: 164 total_tokens: 584 cost_nanos_usd: 538000 } } })"),
             At(3));
  const v1::Usage& usage = *state.critics()[0].usage;
  EXPECT_EQ(usage.prompt_tokens(), 300);
  EXPECT_EQ(usage.completion_tokens(), 100);
  EXPECT_EQ(usage.total_tokens(), 400);
  EXPECT_EQ(usage.cost_nanos_usd(), 350000);
  EXPECT_EQ(state.members()[0].usage->prompt_tokens(), 120);
}

TEST(WatchStateTest, SeveralAnswersOfOneModelAreToldApart) {
  WatchState state(At(0));
  state.Take(Event(R"(started { strategy: "self" members: ["alpha", "alpha", "alpha"] })"), At(0));
  state.Take(Event(R"(candidate_finished { model: "alpha" number: 2
      state: CANDIDATE_STATE_SUCCEEDED grade: CANDIDATE_GRADE_USABLE })"),
             At(5));
  EXPECT_EQ(state.members()[0].name, "alpha 1");
  EXPECT_EQ(state.members()[1].name, "alpha 2");
  EXPECT_FALSE(state.members()[0].candidate.has_value());
  EXPECT_TRUE(state.members()[1].candidate.has_value());
}

TEST(WatchStateTest, StagesThatItDoesNotKnowChangeNothing) {
  WatchState state(At(0));
  state.Take(Event(testing::kStarted), At(0));
  state.Take(Event(R"(stage { name: "members" detail: "3 asked" })"), At(1));
  state.Take(Event(R"(candidate_delta { model: "delta" number: 4 delta { text: "?" } })"), At(1));
  for (const WatchedModel& member : state.members()) EXPECT_EQ(member.phase, Phase::kWaiting);
  EXPECT_TRUE(state.critics().empty());
  EXPECT_EQ(state.quorum(), "");
}

}  // namespace
}  // namespace mom::cli
