#include "service/model/breaker.h"

#include <gtest/gtest.h>

#include <chrono>

#include "service/base/reasons.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A breaker, a clock that the test moves, and no luck: open times are as long as can be.
class BreakerTest : public ::testing::Test {
 protected:
  static constexpr double kAlmostOne = 0.9999999;

  BreakerTest() {
    failure_.reason = reason::kUpstreamError;
    rejection_.reason = reason::kUpstreamAuth;
  }

  bool Fails(int state) { return breaker_.OnFailure(state, failure_, config_, now_, kAlmostOne); }
  bool IsRejected(int state) {
    return breaker_.OnRejection(state, rejection_, config_, now_, kAlmostOne);
  }
  // Calls that are let go and fail, one after the other; how many of `wanted` were let go.
  int FailingCalls(int wanted) {
    int made = 0;
    for (int i = 0; i < wanted; ++i) {
      if (const auto state = breaker_.Admit(now_)) Fails(*state), ++made;
    }
    return made;
  }
  // Seconds that it stays open from now on, rounded; ends where it would let a call go.
  std::int64_t PassOpenTime() {
    const auto wait = breaker_.WaitFrom(now_);
    EXPECT_FALSE(breaker_.WouldAdmit(now_ + wait - milliseconds(1)));
    now_ += wait;
    EXPECT_TRUE(breaker_.WouldAdmit(now_));
    return std::chrono::round<seconds>(wait).count();
  }
  int Let() {
    const auto state = breaker_.Admit(now_);
    EXPECT_TRUE(state);
    return state.value_or(-1);
  }

  ErrorInfo failure_;
  ErrorInfo rejection_;
  BreakerConfig config_;
  Breaker breaker_;
  Breaker::Time now_ = Breaker::Time(seconds(1'000'000));
};

TEST_F(BreakerTest, OpensAfterFailuresInARow) {
  EXPECT_EQ(FailingCalls(100), 5);
  EXPECT_EQ(breaker_.cause().reason, reason::kUpstreamError);
  EXPECT_EQ(PassOpenTime(), 1);
}

TEST_F(BreakerTest, ASuccessBetweenThemStartsTheCountAnew) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(FailingCalls(4), 4);
    breaker_.OnSuccess(Let());
  }
  EXPECT_EQ(FailingCalls(100), 5);
}

TEST_F(BreakerTest, OneProbeAtATimeGoesWhenTheOpenTimeIsOver) {
  FailingCalls(5);
  PassOpenTime();
  Let();
  for (int i = 0; i < 10; ++i) EXPECT_FALSE(breaker_.Admit(now_ + seconds(i)));
}

TEST_F(BreakerTest, OpenTimesDoubleUpToTheLongest) {
  FailingCalls(5);
  for (const int expected : {1, 2, 4, 8, 16, 30, 30, 30}) {
    EXPECT_EQ(PassOpenTime(), expected);
    EXPECT_EQ(FailingCalls(10), 1) << "the probe";
  }
  PassOpenTime();
  breaker_.OnSuccess(Let());
  FailingCalls(5);
  EXPECT_EQ(PassOpenTime(), 1) << "a success ends the row";
}

TEST_F(BreakerTest, ChanceShortensAnOpenTimeByHalfAtMost) {
  for (int i = 0; i < 5; ++i) {
    breaker_.OnFailure(Let(), failure_, config_, now_, 0);
  }
  EXPECT_EQ(breaker_.WaitFrom(now_), milliseconds(500));
}

TEST_F(BreakerTest, TheProbesFirstTokenLetsTheOthersIn) {
  FailingCalls(5);
  PassOpenTime();
  const int probe = Let();
  EXPECT_TRUE(breaker_.OnFirstToken(probe));
  const int other = Let();
  EXPECT_FALSE(breaker_.OnFirstToken(other)) << "only the first is news";
  breaker_.OnSuccess(probe);
  EXPECT_EQ(FailingCalls(100), 5);
}

TEST_F(BreakerTest, AfterAFirstTokenAloneOneFailureOpensItAgain) {
  FailingCalls(5);
  PassOpenTime();
  const int probe = Let();
  breaker_.OnFirstToken(probe);
  EXPECT_TRUE(Fails(probe));
  EXPECT_FALSE(breaker_.Admit(now_));
  EXPECT_EQ(PassOpenTime(), 2);
}

TEST_F(BreakerTest, AProbeWithoutAVerdictMakesTheNextCallTheProbe) {
  FailingCalls(5);
  PassOpenTime();
  breaker_.OnNoVerdict(Let());
  const int probe = Let();
  EXPECT_FALSE(breaker_.Admit(now_));
  breaker_.OnSuccess(probe);
  EXPECT_EQ(FailingCalls(100), 5);
}

TEST_F(BreakerTest, ACancelledProbeLeavesItOpenForAsLongAsItWas) {
  FailingCalls(5);
  EXPECT_EQ(PassOpenTime(), 1);
  breaker_.OnCancel(Let(), now_);
  EXPECT_FALSE(breaker_.Admit(now_));
  EXPECT_EQ(PassOpenTime(), 1);
  breaker_.OnSuccess(Let());
  breaker_.OnCancel(Let(), now_);
  EXPECT_TRUE(breaker_.Admit(now_)) << "no probe";
}

TEST_F(BreakerTest, CallsFromBeforeAChangeDoNotSpeakForWhatIsAfterIt) {
  const int old = Let();
  FailingCalls(5);
  breaker_.OnSuccess(old);
  EXPECT_FALSE(breaker_.Admit(now_)) << "an old success does not close it";
  PassOpenTime();
  const int probe = Let();
  EXPECT_FALSE(Fails(old));
  EXPECT_FALSE(breaker_.OnFirstToken(old));
  breaker_.OnNoVerdict(old);
  EXPECT_FALSE(breaker_.Admit(now_)) << "the probe is still under way";
  EXPECT_TRUE(breaker_.OnFirstToken(probe));
}

TEST_F(BreakerTest, ARejectionOpensAtOnceForTheLongestTime) {
  EXPECT_TRUE(IsRejected(Let()));
  EXPECT_EQ(breaker_.cause().reason, reason::kUpstreamAuth);
  EXPECT_EQ(PassOpenTime(), 30);
  EXPECT_TRUE(IsRejected(Let()));
  EXPECT_EQ(PassOpenTime(), 30);
  breaker_.OnSuccess(Let());
  EXPECT_EQ(FailingCalls(100), 5);
}

TEST_F(BreakerTest, AReloadClosesWhatARejectionOpened) {
  const int old = Let();
  IsRejected(Let());
  breaker_.OnReload(config_);
  EXPECT_TRUE(breaker_.WouldAdmit(now_));
  EXPECT_FALSE(IsRejected(old)) << "it is from before the change";
  EXPECT_EQ(FailingCalls(100), 5);
  breaker_.OnReload(config_);
  EXPECT_FALSE(breaker_.WouldAdmit(now_)) << "failures are no matter of the config";
}

TEST_F(BreakerTest, WithoutALimitItNeverOpens) {
  FailingCalls(5);
  config_.failures = 0;
  breaker_.OnReload(config_);
  EXPECT_EQ(FailingCalls(100), 100);
  EXPECT_FALSE(IsRejected(Let()));
  EXPECT_TRUE(breaker_.WouldAdmit(now_));
}

}  // namespace
}  // namespace mom
