#include "service/base/units.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;

TEST(UnitsTest, ReadsDurations) {
  EXPECT_EQ(ParseDuration("250ms"), milliseconds(250));
  EXPECT_EQ(ParseDuration("1.5s"), milliseconds(1500));
  EXPECT_EQ(ParseDuration("2m"), milliseconds(120'000));
  EXPECT_EQ(ParseDuration("1h"), milliseconds(3'600'000));
  EXPECT_EQ(ParseDuration("7d"), milliseconds(604'800'000));
  EXPECT_EQ(ParseDuration("0s"), milliseconds(0));
  for (const char* text : {"", "5", "s", "-1s", "+1s", "5 s", " 5s", "5s ", "5S", "5sec", "1e3s",
                           "1.2.3s", "nans", "infs", "99999999999999999999d"}) {
    EXPECT_EQ(ParseDuration(text), std::nullopt) << text;
  }
}

TEST(UnitsTest, ReadsBytes) {
  EXPECT_EQ(ParseBytes("65536"), 65536);
  EXPECT_EQ(ParseBytes("1.5MiB"), 1'572'864);
  EXPECT_EQ(ParseBytes("2GiB"), 2'147'483'648);
  EXPECT_EQ(ParseBytes("4KiB"), 4096);
  for (const char* text : {"", "1MB", "1K", "-1", "1 MiB", "MiB", "1e6"}) {
    EXPECT_EQ(ParseBytes(text), std::nullopt) << text;
  }
}

TEST(UnitsTest, ReadsNumbers) {
  EXPECT_EQ(ParseInteger("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(ParseInteger("9223372036854775808"), std::nullopt);
  EXPECT_EQ(ParseInteger("1.0"), std::nullopt);
  EXPECT_EQ(ParseNumber("0.25"), 0.25);
  EXPECT_EQ(ParseNumber("-1e-3"), -0.001);
  for (const char* text : {"", "nan", "inf", "1,5", "0x10", "1 "}) {
    EXPECT_EQ(ParseNumber(text), std::nullopt) << text;
  }
}

TEST(UnitsTest, WritesWhatItReads) {
  EXPECT_EQ(FormatDuration(milliseconds(300'000)), "5m");
  EXPECT_EQ(FormatDuration(milliseconds(90'000)), "90s");
  EXPECT_EQ(FormatDuration(milliseconds(0)), "0ms");
  EXPECT_EQ(FormatBytes(32 << 20), "32MiB");
  EXPECT_EQ(FormatBytes(1000), "1000");
  EXPECT_EQ(FormatNumber(0.1), "0.1");
  for (std::int64_t value : {0, 1, 999, 1000, 60'000, 61'000, 3'600'000, 86'400'000}) {
    EXPECT_EQ(ParseDuration(FormatDuration(milliseconds(value))), milliseconds(value));
    EXPECT_EQ(ParseBytes(FormatBytes(value)), value);
  }
}

}  // namespace
}  // namespace mom
