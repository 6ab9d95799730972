#include "clients/cli/quantity.h"

#include <gtest/gtest.h>

namespace mom::cli {
namespace {

using std::chrono::milliseconds;

TEST(QuantityTest, SecondsHaveThreeDigits) {
  EXPECT_EQ(FormatSeconds(milliseconds(0)), "0.00 s");
  EXPECT_EQ(FormatSeconds(milliseconds(412)), "0.41 s");
  EXPECT_EQ(FormatSeconds(milliseconds(9994)), "9.99 s");
  EXPECT_EQ(FormatSeconds(milliseconds(9996)), "10.0 s");
  EXPECT_EQ(FormatSeconds(milliseconds(99'960)), "100 s");
  EXPECT_EQ(FormatSeconds(milliseconds(312'400)), "312 s");
}

TEST(QuantityTest, CountsHaveCommas) {
  EXPECT_EQ(FormatCount(0), "0");
  EXPECT_EQ(FormatCount(999), "999");
  EXPECT_EQ(FormatCount(1000), "1,000");
  EXPECT_EQ(FormatCount(1234567), "1,234,567");
  EXPECT_EQ(FormatCount(-1234), "-1,234");
  EXPECT_EQ(FormatCount(-123), "-123");
}

TEST(QuantityTest, SmallCostsKeepThreeDigits) {
  EXPECT_EQ(FormatCost(0), "$0.00");
  EXPECT_EQ(FormatCost(1), "$0.000000001");
  EXPECT_EQ(FormatCost(1'234), "$0.00000123");
  EXPECT_EQ(FormatCost(1'234'567), "$0.00123");
  EXPECT_EQ(FormatCost(42'000'000), "$0.042");
  EXPECT_EQ(FormatCost(123'456'789), "$0.12");
  EXPECT_EQ(FormatCost(1'500'000'000), "$1.50");
}

}  // namespace
}  // namespace mom::cli
