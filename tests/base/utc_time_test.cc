#include "service/base/utc_time.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;

constexpr char kIso[] = "%Y-%m-%dT%H:%M:%S";

std::chrono::system_clock::time_point At(std::int64_t millis) {
  return std::chrono::system_clock::time_point(milliseconds(millis));
}

TEST(UtcTimeTest, IsUtcToTheMillisecond) {
  EXPECT_EQ(FormatUtcMillis(At(0), kIso), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(FormatUtcMillis(At(1'763'888'845'007), kIso), "2025-11-23T09:07:25.007Z");
  EXPECT_EQ(FormatUtcMillis(At(1'763'888'845'999), kIso), "2025-11-23T09:07:25.999Z");
  EXPECT_EQ(FormatUtcMillis(At(-1), kIso), "1969-12-31T23:59:59.999Z");
}

TEST(UtcTimeTest, TakesAnyFormat) {
  EXPECT_EQ(FormatUtc(At(1'763'888'845'007), "%a, %d %b %Y %H:%M:%S GMT"),
            "Sun, 23 Nov 2025 09:07:25 GMT");
}

}  // namespace
}  // namespace mom
