#include "service/model/retry_after.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;

// Sun, 06 Nov 1994 08:49:37 GMT
const std::chrono::system_clock::time_point kNow{std::chrono::seconds(784111777)};

// Milliseconds; -1: no wait is named.
std::int64_t Read(HttpHeaders headers) {
  HttpResponse head;
  head.headers = std::move(headers);
  const auto wait = RetryAfter(head, kNow);
  return wait ? wait->count() : -1;
}

TEST(RetryAfter, RetryAfterHeader) {
  const auto read = [](std::string value) { return Read({{"retry-after", std::move(value)}}); };
  EXPECT_EQ(read("2"), 2000);
  EXPECT_EQ(read(" 2 "), 2000);
  EXPECT_EQ(read("0.25"), 250);
  EXPECT_EQ(read("0"), 0);
  EXPECT_EQ(read("-5"), 0);
  EXPECT_EQ(read("1e9"), 3'600'000);
  EXPECT_EQ(read("1e999"), 3'600'000);
  EXPECT_EQ(read("inf"), 3'600'000);
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:40 GMT"), 3000);
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:00 GMT"), 0);
  EXPECT_EQ(read("Sun, 06 Nov 2094 08:49:00 GMT"), 3'600'000);
  for (const char* bad :
       {"", "NaN", "soon", "2 s", "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Foo 1994 08:49:37 GMT",
        "Sun, 06 Nov 9999 08:49:37 GMT", "Sun, 06 Nov 1994 99:49:37 GMT", "Sun, 06 Nov 1994"}) {
    EXPECT_EQ(read(bad), -1) << bad;
  }
}

TEST(RetryAfter, MillisecondsWin) {
  EXPECT_EQ(Read({{"retry-after", "2"}, {"retry-after-ms", "150"}}), 150);
  EXPECT_EQ(Read({{"retry-after", "2"}, {"retry-after-ms", "150.2"}}), 151);
  EXPECT_EQ(Read({{"retry-after", "2"}, {"retry-after-ms", "NaN"}}), 2000);
  EXPECT_EQ(Read({{"retry-after-ms", "-1"}}), 0);
}

TEST(RetryAfter, DatesAreReadAgainstTheServersOwnClock) {
  EXPECT_EQ(Read({{"date", "Tue, 06 Jan 2026 10:00:00 GMT"},
                  {"retry-after", "Tue, 06 Jan 2026 10:00:07 GMT"}}),
            7000);
}

TEST(RetryAfter, ResetsOfExhaustedDimensionsOnly) {
  EXPECT_EQ(Read({{"x-ratelimit-remaining-tokens", "0"}, {"x-ratelimit-reset-tokens", "6m0s"}}),
            360'000);
  EXPECT_EQ(Read({{"x-ratelimit-remaining-tokens", "1"}, {"x-ratelimit-reset-tokens", "6m0s"}}),
            -1);
  EXPECT_EQ(Read({{"x-ratelimit-reset-tokens", "6m0s"}}), -1);
  EXPECT_EQ(Read({{"x-ratelimit-remaining-tokens", "0"},
                  {"x-ratelimit-reset-tokens", "20ms"},
                  {"x-ratelimit-remaining-requests", "0"},
                  {"x-ratelimit-reset-requests", "1.5s"}}),
            1500);
  EXPECT_EQ(Read({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "1m30"}}),
            -1);
  EXPECT_EQ(Read({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "99h"}}),
            3'600'000);
  EXPECT_EQ(Read({{"x-ratelimit-remaining-requests", "0"}, {"x-ratelimit-reset-requests", "7"}}),
            7000);
}

TEST(RetryAfter, ResetsAsTimes) {
  const auto read = [](std::string time) {
    return Read({{"anthropic-ratelimit-input-tokens-remaining", "0"},
                 {"anthropic-ratelimit-input-tokens-reset", std::move(time)}});
  };
  EXPECT_EQ(read("1994-11-06T08:49:47Z"), 10'000);
  EXPECT_EQ(read("1994-11-06T08:49:47.123Z"), 10'000);
  EXPECT_EQ(read("1994-11-06T10:49:47+02:00"), 10'000);
  EXPECT_EQ(read("1994-11-06T06:49:47-02:00"), 10'000);
  EXPECT_EQ(read("1994-11-06T08:00:00Z"), 0);
  for (const char* bad : {"1994-11-06", "1994-11-06T08:49:47", "1994-13-06T08:49:47Z",
                          "1994-11-06T08:49:47.", "1994-11-06T08:49:47*", "x"}) {
    EXPECT_EQ(read(bad), -1) << bad;
  }
}

TEST(RetryAfter, AHintBeatsTheResets) {
  EXPECT_EQ(Read({{"retry-after", "1"},
                  {"x-ratelimit-remaining-tokens", "0"},
                  {"x-ratelimit-reset-tokens", "6m0s"}}),
            1000);
  EXPECT_EQ(Read({}), -1);
}

}  // namespace
}  // namespace mom
