#include "service/model/retry_budget.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

namespace mom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// A clock that the test moves, and the settings.
class RetryBudgetTest : public ::testing::Test {
 protected:
  static void FirstTries(RetryBudget& budget, int count, RetryBudget::Time now) {
    for (int i = 0; i < count; ++i) budget.OnFirstTry(now);
  }
  // How many of `wanted` retries it gives.
  int Retries(RetryBudget& budget, int wanted, RetryBudget::Time now) const {
    int given = 0;
    for (int i = 0; i < wanted; ++i) given += budget.TakeRetry(share_, floor_, now) ? 1 : 0;
    return given;
  }

  double share_ = 0.2;
  int floor_ = 10;
  RetryBudget::Time now_ = RetryBudget::Time(seconds(1'000'000));
};

TEST_F(RetryBudgetTest, GivesTheFloorWithoutAnyTraffic) {
  RetryBudget budget;
  EXPECT_EQ(Retries(budget, 100, now_), 10);
}

TEST_F(RetryBudgetTest, GivesAShareOfTheTrafficWhereThatIsMore) {
  RetryBudget budget;
  FirstTries(budget, 49, now_);
  EXPECT_EQ(Retries(budget, 100, now_), 10);
  FirstTries(budget, 51, now_);
  EXPECT_EQ(Retries(budget, 100, now_), 10) << "20 in all";
}

TEST_F(RetryBudgetTest, AFloorOfNoneLeavesTheShareAlone) {
  floor_ = 0;
  RetryBudget budget;
  EXPECT_EQ(Retries(budget, 1, now_), 0);
  FirstTries(budget, 4, now_);
  EXPECT_EQ(Retries(budget, 1, now_), 0);
  FirstTries(budget, 1, now_);
  EXPECT_EQ(Retries(budget, 5, now_), 1);
}

TEST_F(RetryBudgetTest, ForgetsWhatIsTenSecondsOld) {
  share_ = 0.5;
  floor_ = 3;
  RetryBudget budget;
  FirstTries(budget, 20, now_);
  EXPECT_EQ(Retries(budget, 100, now_), 10);
  now_ += milliseconds(9'999);
  EXPECT_EQ(Retries(budget, 100, now_), 0);
  now_ += milliseconds(1);
  EXPECT_EQ(Retries(budget, 100, now_), 3) << "neither those retries nor that traffic count";
  now_ += seconds(1'000);
  EXPECT_EQ(Retries(budget, 100, now_), 3);
}

TEST_F(RetryBudgetTest, CountsWhatIsSpreadOverTheSeconds) {
  floor_ = 0;
  RetryBudget budget;
  int given = 0;
  for (int i = 0; i < 100; ++i) {
    FirstTries(budget, 10, now_);
    given += Retries(budget, 10, now_);
    now_ += seconds(1);
  }
  EXPECT_EQ(given, 200) << "a fifth of 1000";
}

TEST_F(RetryBudgetTest, IsSharedByThreads) {
  RetryBudget budget;
  std::atomic<int> given = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      FirstTries(budget, 1'000, now_);
      given += Retries(budget, 1'000, now_);
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Whoever came before others' traffic got less; nobody got more.
  given += Retries(budget, 4'000, now_);
  EXPECT_EQ(given, 800);
}

}  // namespace
}  // namespace mom
