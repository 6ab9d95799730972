#include "service/engine/stop_rule.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = StopRule::Time;

const Time kStart = Time() + std::chrono::hours(1);
// The grace: 250 ms, 10 s, 15 s.

std::optional<StopRule::Duration> NotKnown(int, StopRule::Duration) { return std::nullopt; }

StopRule::Setting Setting(int asked, int quorum = 0) {
  StopRule::Setting setting;
  setting.asked = asked;
  setting.quorum = quorum;
  setting.start = kStart;
  setting.limit = Deadline::At(kStart + seconds(100));
  setting.to_go = NotKnown;
  return setting;
}

StopRule Rule(int asked, int quorum = 0) { return StopRule(Setting(asked, quorum)); }

TEST(StopRule, WaitsUntilTheLimitWhileNothingIsUsable) {
  StopRule rule = Rule(3);
  rule.OnEnd(0, StopRule::End::kLowerGrade, kStart + seconds(1));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(100));
  EXPECT_FALSE(rule.IsOver());
}

TEST(StopRule, QuorumIsTwoThirdsRoundedUpAndOneOfTwo) {
  EXPECT_EQ(Rule(1).quorum(), 1);
  EXPECT_EQ(Rule(2).quorum(), 1);
  EXPECT_EQ(Rule(3).quorum(), 2);
  EXPECT_EQ(Rule(4).quorum(), 3);
  EXPECT_EQ(Rule(5).quorum(), 4);
  EXPECT_EQ(Rule(6).quorum(), 4);
  EXPECT_EQ(Rule(3, 3).quorum(), 3);
  EXPECT_EQ(Rule(2, 2).quorum(), 2);
  EXPECT_EQ(Rule(2, 5).quorum(), 2);
}

TEST(StopRule, GraceIsHalfOfWhatItTookFromTheFirstToTheQuorum) {
  StopRule rule = Rule(3);
  rule.OnEnd(0, StopRule::End::kUsable, kStart + seconds(1));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(16));  // the longest wait after the first
  rule.OnEnd(1, StopRule::End::kUsable, kStart + seconds(5));
  EXPECT_TRUE(rule.QuorumReached());
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(7));
}

TEST(StopRule, GraceHasBounds) {
  StopRule quick = Rule(3);
  quick.OnEnd(0, StopRule::End::kUsable, kStart + seconds(1));
  quick.OnEnd(1, StopRule::End::kUsable, kStart + seconds(1));
  EXPECT_EQ(quick.Stop().time(), kStart + seconds(1) + milliseconds(250));

  StopRule::Setting wide = Setting(3);
  wide.grace.first_max = seconds(60);
  StopRule slow(wide);
  slow.OnEnd(0, StopRule::End::kUsable, kStart + seconds(1));
  slow.OnEnd(1, StopRule::End::kUsable, kStart + seconds(41));
  EXPECT_EQ(slow.Stop().time(), kStart + seconds(51));
}

TEST(StopRule, WithAQuorumOfOneTheGraceIsWhatTheFirstTook) {
  StopRule rule = Rule(2);
  rule.OnEnd(0, StopRule::End::kUsable, kStart + seconds(4));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(8));
  StopRule quick = Rule(2);
  quick.OnEnd(0, StopRule::End::kUsable, kStart + milliseconds(10));
  EXPECT_EQ(quick.Stop().time(), kStart + milliseconds(1010));
}

TEST(StopRule, FailuresMakeTheQuorumSmaller) {
  StopRule rule = Rule(3);
  rule.OnEnd(0, StopRule::End::kUsable, kStart + seconds(2));
  EXPECT_FALSE(rule.QuorumReached());
  rule.OnEnd(1, StopRule::End::kFailed, kStart + seconds(3));
  EXPECT_TRUE(rule.QuorumReached());  // one of the two that are left
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(5));
}

TEST(StopRule, AConfiguredQuorumShrinksWithTheMembersThatAreLeft) {
  StopRule rule = Rule(3, 3);
  rule.OnEnd(0, StopRule::End::kFailed, kStart);
  rule.OnEnd(1, StopRule::End::kFailed, kStart);
  rule.OnEnd(2, StopRule::End::kUsable, kStart + seconds(1));
  EXPECT_TRUE(rule.QuorumReached());
  EXPECT_TRUE(rule.IsOver());
}

TEST(StopRule, TheCriticsTimeIsKeptOnceThereIsSomethingToJudge) {
  StopRule::Setting setting = Setting(3);
  setting.limit = Deadline::At(kStart + seconds(10));
  setting.critic_at = Deadline::At(kStart + seconds(7));
  StopRule rule(setting);
  rule.OnEnd(0, StopRule::End::kLowerGrade, kStart + seconds(1));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(10));
  rule.OnEnd(1, StopRule::End::kUsable, kStart + seconds(2));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(7));
}

TEST(StopRule, NeverWaitsBeyondTheLimit) {
  StopRule::Setting setting = Setting(3);
  setting.limit = Deadline::At(kStart + seconds(3));
  StopRule rule(setting);
  rule.OnEnd(0, StopRule::End::kUsable, kStart + seconds(2));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(3));
}

// Asked for how long each one has been under way, as it is at the quorum.
TEST(StopRule, TheGraceIsWhatIsLearntOfThoseUnderWay) {
  StopRule::Setting setting = Setting(5, 3);
  setting.to_go = [](int member, StopRule::Duration elapsed) {
    EXPECT_EQ(elapsed, seconds(4));
    return std::optional<StopRule::Duration>(member == 3 ? seconds(6) : seconds(2));
  };
  StopRule rule(setting);
  for (int member = 0; member < 3; ++member) {
    rule.OnEnd(member, StopRule::End::kUsable, kStart + seconds(2 + member));
  }
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(4 + 6));
  EXPECT_EQ(rule.WhyStop(), StopRule::Cause::kGrace);
  rule.OnEnd(3, StopRule::End::kFailed, kStart + seconds(5));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(4 + 2)) << "the other one is no reason to wait on";
}

TEST(StopRule, WhatIsLearntHasTheSameBounds) {
  const auto stop = [](int quorum, StopRule::Duration learnt) {
    StopRule::Setting setting = Setting(3, quorum);
    setting.to_go = [=](int, StopRule::Duration) { return std::optional(learnt); };
    StopRule rule(setting);
    for (int member = 0; member < quorum; ++member) {
      rule.OnEnd(member, StopRule::End::kUsable, kStart);
    }
    return rule.Stop().time() - kStart;
  };
  EXPECT_EQ(stop(2, milliseconds(1)), milliseconds(250));
  EXPECT_EQ(stop(2, seconds(3)), seconds(3));
  EXPECT_EQ(stop(2, seconds(11)), seconds(10));
  EXPECT_EQ(stop(1, milliseconds(1)), seconds(1));
}

// One that is known to be slow is waited for, though the others' pace would not have it.
TEST(StopRule, EachMemberHasItsOwnGraceUntilItIsKnownTheFormula) {
  StopRule::Setting setting = Setting(4, 2);
  setting.to_go = [](int member, StopRule::Duration) {
    return member == 2 ? std::optional<StopRule::Duration>(milliseconds(300)) : std::nullopt;
  };
  StopRule rule(setting);
  rule.OnEnd(0, StopRule::End::kUsable, kStart + seconds(1));
  rule.OnEnd(1, StopRule::End::kUsable, kStart + seconds(3));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(3 + 1)) << "half of the two from first to quorum";
  rule.OnEnd(3, StopRule::End::kLowerGrade, kStart + seconds(3));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(3) + milliseconds(300));
}

TEST(StopRule, SaysWhyItStops) {
  StopRule rule = Rule(3);
  EXPECT_EQ(rule.WhyStop(), StopRule::Cause::kLimit);
  rule.OnEnd(0, StopRule::End::kUsable, kStart);
  EXPECT_EQ(rule.WhyStop(), StopRule::Cause::kFirstMax);
  rule.OnEnd(1, StopRule::End::kUsable, kStart);
  EXPECT_EQ(rule.WhyStop(), StopRule::Cause::kGrace);
  rule.OnEnd(2, StopRule::End::kUsable, kStart);
  EXPECT_EQ(rule.WhyStop(), StopRule::Cause::kAllEnded);
}

TEST(StopRule, ADecisionIsTheEnd) {
  StopRule rule = Rule(3);
  rule.OnEnd(0, StopRule::End::kUsable, kStart);
  EXPECT_FALSE(rule.IsOver());
  rule.OnDecision();
  EXPECT_TRUE(rule.IsOver());
  EXPECT_EQ(rule.WhyStop(), StopRule::Cause::kDecided);
}

TEST(StopRule, NoGraceEndsTheWaitWhileThereAreMoreToAsk) {
  StopRule::Setting setting = Setting(2);
  setting.has_more = true;
  StopRule rule(setting);
  rule.OnEnd(0, StopRule::End::kUsable, kStart + seconds(2));
  EXPECT_TRUE(rule.QuorumReached());
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(17)) << "the longest wait after the first";
  rule.OnAllAsked();
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(4));
}

TEST(StopRule, OneThatIsAskedLaterCountsAndGetsWhatTheFirstTook) {
  StopRule::Setting setting = Setting(2);
  setting.has_more = true;
  StopRule rule(setting);
  rule.OnEnd(0, StopRule::End::kUsable, kStart + seconds(2));
  rule.OnAsk(kStart + seconds(3));
  rule.OnAllAsked();
  EXPECT_EQ(rule.quorum(), 2);
  EXPECT_FALSE(rule.QuorumReached()) << "one of three is no quorum";
  rule.OnEnd(1, StopRule::End::kUsable, kStart + seconds(4));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(6));
  rule.OnEnd(2, StopRule::End::kUsable, kStart + seconds(5));
  EXPECT_TRUE(rule.IsOver());
}

}  // namespace
}  // namespace mom
