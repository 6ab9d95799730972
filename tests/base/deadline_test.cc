#include "service/base/deadline.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

TEST(DeadlineTest, NeverIsTheDefaultAndDoesNotPass) {
  EXPECT_TRUE(Deadline().IsNever());
  EXPECT_EQ(Deadline(), Deadline::Never());
  EXPECT_FALSE(Deadline::Never().Passed());
  EXPECT_EQ(Deadline::Never().Remaining(), Deadline::Duration::max());
}

TEST(DeadlineTest, EarliestIsTheEarlierOne) {
  const Deadline soon = Deadline::After(seconds(1));
  const Deadline late = Deadline::After(hours(1));
  EXPECT_EQ(Deadline::Earliest(soon, late), soon);
  EXPECT_EQ(Deadline::Earliest(late, soon), soon);
  EXPECT_EQ(Deadline::Earliest(Deadline::Never(), late), late);
  EXPECT_LT(late, Deadline::Never());
}

TEST(DeadlineTest, APassedOneHasNoTimeLeft) {
  const Deadline passed = Deadline::After(seconds(-1));
  EXPECT_TRUE(passed.Passed());
  EXPECT_EQ(passed.Remaining(), Deadline::Duration::zero());
}

TEST(DeadlineTest, RemainingIsAtMostWhatWasGiven) {
  const Deadline deadline = Deadline::After(hours(1));
  EXPECT_FALSE(deadline.Passed());
  EXPECT_LE(deadline.Remaining(), hours(1));
}

TEST(DeadlineTest, HugeDurationsSaturate) {
  EXPECT_TRUE(Deadline::After(Deadline::Duration::max()).IsNever());
  EXPECT_FALSE(Deadline::After(hours(24 * 365)).IsNever());
}

}  // namespace
}  // namespace mom
