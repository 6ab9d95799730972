#include "service/base/debounce.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;

constexpr Debounce::Time kStart{};

TEST(DebounceTest, EachEventPutsTheBurstOff) {
  Debounce debounce(milliseconds(100), milliseconds(500));
  EXPECT_EQ(debounce.Hit(kStart), kStart + milliseconds(100));
  EXPECT_EQ(debounce.Hit(kStart + milliseconds(90)), kStart + milliseconds(190));
}

TEST(DebounceTest, ABurstThatNeverPausesIsDueAllTheSame) {
  Debounce debounce(milliseconds(100), milliseconds(500));
  for (int at = 0; at < 450; at += 50) debounce.Hit(kStart + milliseconds(at));
  EXPECT_EQ(debounce.Hit(kStart + milliseconds(450)), kStart + milliseconds(500));
  EXPECT_EQ(debounce.Hit(kStart + milliseconds(499)), kStart + milliseconds(500));
}

TEST(DebounceTest, TheNextBurstHasItsOwnTime) {
  Debounce debounce(milliseconds(100), milliseconds(500));
  debounce.Hit(kStart);
  debounce.Reset();
  EXPECT_EQ(debounce.Hit(kStart + milliseconds(450)), kStart + milliseconds(550));
}

}  // namespace
}  // namespace mom
