#include "service/engine/stop_rule.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Time = StopRule::Time;

const Time kStart = Time() + std::chrono::hours(1);
const GraceConfig kGrace;  // 250 ms, 10 s, 15 s

StopRule Rule(int asked, int quorum = 0, Deadline limit = Deadline::At(kStart + seconds(100))) {
  return StopRule(asked, quorum, kGrace, kStart, limit);
}

TEST(StopRule, WaitsUntilTheLimitWhileNothingIsUsable) {
  StopRule rule = Rule(3);
  rule.OnEnd(StopRule::End::kLowerGrade, kStart + seconds(1));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(100));
  EXPECT_FALSE(rule.AllEnded());
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
  rule.OnEnd(StopRule::End::kUsable, kStart + seconds(1));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(16));  // the longest wait after the first
  rule.OnEnd(StopRule::End::kUsable, kStart + seconds(5));
  EXPECT_TRUE(rule.QuorumReached());
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(7));
}

TEST(StopRule, GraceHasBounds) {
  StopRule quick = Rule(3);
  quick.OnEnd(StopRule::End::kUsable, kStart + seconds(1));
  quick.OnEnd(StopRule::End::kUsable, kStart + seconds(1));
  EXPECT_EQ(quick.Stop().time(), kStart + seconds(1) + milliseconds(250));

  GraceConfig wide;
  wide.first_max = seconds(60);
  StopRule slow(3, 0, wide, kStart, Deadline::Never());
  slow.OnEnd(StopRule::End::kUsable, kStart + seconds(1));
  slow.OnEnd(StopRule::End::kUsable, kStart + seconds(41));
  EXPECT_EQ(slow.Stop().time(), kStart + seconds(51));
}

TEST(StopRule, WithAQuorumOfOneTheGraceIsWhatTheFirstTook) {
  StopRule rule = Rule(2);
  rule.OnEnd(StopRule::End::kUsable, kStart + seconds(4));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(8));
  StopRule quick = Rule(2);
  quick.OnEnd(StopRule::End::kUsable, kStart + milliseconds(10));
  EXPECT_EQ(quick.Stop().time(), kStart + milliseconds(1010));
}

TEST(StopRule, FailuresMakeTheQuorumSmaller) {
  StopRule rule = Rule(3);
  rule.OnEnd(StopRule::End::kUsable, kStart + seconds(2));
  EXPECT_FALSE(rule.QuorumReached());
  rule.OnEnd(StopRule::End::kFailed, kStart + seconds(3));
  EXPECT_TRUE(rule.QuorumReached());  // one of the two that are left
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(5));
}

TEST(StopRule, AConfiguredQuorumShrinksWithTheMembersThatAreLeft) {
  StopRule rule = Rule(3, 3);
  rule.OnEnd(StopRule::End::kFailed, kStart);
  rule.OnEnd(StopRule::End::kFailed, kStart);
  rule.OnEnd(StopRule::End::kUsable, kStart + seconds(1));
  EXPECT_TRUE(rule.QuorumReached());
  EXPECT_TRUE(rule.AllEnded());
}

TEST(StopRule, TheCriticsTimeIsKeptOnceThereIsSomethingToJudge) {
  StopRule rule(3, 0, kGrace, kStart, Deadline::At(kStart + seconds(10)),
                Deadline::At(kStart + seconds(7)));
  rule.OnEnd(StopRule::End::kLowerGrade, kStart + seconds(1));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(10));
  rule.OnEnd(StopRule::End::kUsable, kStart + seconds(2));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(7));
}

TEST(StopRule, NeverWaitsBeyondTheLimit) {
  StopRule rule = Rule(3, 0, Deadline::At(kStart + seconds(3)));
  rule.OnEnd(StopRule::End::kUsable, kStart + seconds(2));
  EXPECT_EQ(rule.Stop().time(), kStart + seconds(3));
}

}  // namespace
}  // namespace mom
