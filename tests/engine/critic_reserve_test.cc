#include "service/engine/critic_reserve.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Pace::Duration kWhole = seconds(100);

class CriticReserveTest : public ::testing::Test {
 protected:
  void Takes(Pace::Of of, Pace::Duration took) {
    for (int i = 0; i < 20; ++i) pace_.Add(of, took);
  }
  Pace pace_;
};

TEST_F(CriticReserveTest, IsAQuarterUntilThePaceIsKnown) {
  EXPECT_EQ(CriticReserve(kWhole, pace_, std::nullopt), seconds(25));
  EXPECT_EQ(CriticReserve(kWhole, pace_, 1'000'000), seconds(25));
  Takes(Pace::Of::kCriticStart, seconds(50));
  EXPECT_EQ(CriticReserve(kWhole, pace_, 1'000'000), seconds(25)) << "its rate is not";
}

TEST_F(CriticReserveTest, IsTheTimeToBeginAndThatOfTheTokens) {
  Takes(Pace::Of::kCriticStart, seconds(10));
  Takes(Pace::Of::kCriticToken, milliseconds(20));
  EXPECT_EQ(CriticReserve(kWhole, pace_, 1000), seconds(30));
  EXPECT_EQ(CriticReserve(kWhole, pace_, 1500), seconds(40));
}

TEST_F(CriticReserveTest, IsThatOfWholeAnswersWhereNoLimitIsKnown) {
  Takes(Pace::Of::kCriticAnswer, seconds(42));
  EXPECT_EQ(CriticReserve(kWhole, pace_, std::nullopt), seconds(42));
}

TEST_F(CriticReserveTest, HasBounds) {
  Takes(Pace::Of::kCriticStart, seconds(1));
  Takes(Pace::Of::kCriticToken, milliseconds(20));
  EXPECT_EQ(CriticReserve(kWhole, pace_, 10), seconds(25));
  EXPECT_EQ(CriticReserve(kWhole, pace_, 100'000), seconds(60));
  EXPECT_EQ(CriticReserve(kWhole, pace_, INT64_MAX), seconds(60));
}

TEST_F(CriticReserveTest, IsNothingWhereTheTimeIsOverAlready) {
  EXPECT_EQ(CriticReserve(Pace::Duration::zero(), pace_, 10), Pace::Duration::zero());
  EXPECT_EQ(CriticReserve(-seconds(1), pace_, 10), Pace::Duration::zero());
}

}  // namespace
}  // namespace mom
