#include "service/engine/sample_window.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

using std::chrono::milliseconds;
using Duration = SampleWindow::Duration;

// 1 ms, 2 ms, ... `count` ms.
SampleWindow OneToEach(int count) {
  SampleWindow window;
  for (int i = 1; i <= count; ++i) window.Add(milliseconds(i), false);
  return window;
}

TEST(SampleWindow, KnowsNothingBelowTwentySamples) {
  EXPECT_EQ(OneToEach(19).ToGo(0.9), std::nullopt);
  EXPECT_EQ(OneToEach(20).ToGo(0.9), Duration(milliseconds(18)));
}

TEST(SampleWindow, QuantilesAreThoseOfTheSamplesWhereNoneWasCut) {
  const SampleWindow window = OneToEach(100);
  EXPECT_EQ(window.ToGo(0.5), Duration(milliseconds(50)));
  EXPECT_EQ(window.ToGo(0.9), Duration(milliseconds(90)));
  EXPECT_EQ(window.ToGo(0.95), Duration(milliseconds(95)));
  EXPECT_EQ(window.ToGo(1), Duration(milliseconds(100)));
}

TEST(SampleWindow, WhatIsToGoIsThatOfThoseWhichTookLonger) {
  const SampleWindow window = OneToEach(100);
  EXPECT_EQ(window.ToGo(0.9, milliseconds(50)), Duration(milliseconds(45)));
  EXPECT_EQ(window.ToGo(0.9, milliseconds(90)), Duration(milliseconds(9)));
  EXPECT_EQ(window.ToGo(0.9, milliseconds(100)), Duration::zero());
}

// Ten ended after 1 ms and ten were cut after 2 ms: half of all take at least that, and who would
// drop the cut ones would say that 1 ms is enough for all.
TEST(SampleWindow, CutSamplesCountAsThatLongAtLeast) {
  SampleWindow window;
  for (int i = 0; i < 10; ++i) window.Add(milliseconds(1), false);
  for (int i = 0; i < 10; ++i) window.Add(milliseconds(2), true);
  EXPECT_EQ(window.ToGo(0.5), Duration(milliseconds(1)));
  EXPECT_EQ(window.ToGo(0.9), Duration(milliseconds(2)));
  // One that was let run shows what those would have taken.
  window.Add(milliseconds(900), false);
  EXPECT_EQ(window.ToGo(0.9), Duration(milliseconds(900)));
  EXPECT_EQ(window.ToGo(0.9, milliseconds(2)), Duration(milliseconds(898)));
}

// The textbook's estimate: 1 of 20, then 19 under way of which 9 are cut, then 1 of the last 10.
TEST(SampleWindow, TheShareUnderWayIsKaplanAndMeiers) {
  SampleWindow window;
  window.Add(milliseconds(1), false);
  for (int i = 0; i < 9; ++i) window.Add(milliseconds(2), true);
  for (int i = 3; i < 13; ++i) window.Add(milliseconds(i), false);
  EXPECT_EQ(window.ToGo(0.05), Duration(milliseconds(1)));
  EXPECT_EQ(window.ToGo(1 - 0.95 * 0.9), Duration(milliseconds(3)));
  EXPECT_EQ(window.ToGo(1 - 0.95 * 0.5), Duration(milliseconds(7)));
}

TEST(SampleWindow, WhoIsAlwaysCutIsTakenForAsSlowAsWasSeen) {
  SampleWindow window;
  for (int i = 0; i < 20; ++i) window.Add(milliseconds(700), true);
  EXPECT_EQ(window.ToGo(0.9, milliseconds(500)), Duration(milliseconds(200)));
  EXPECT_EQ(window.ToGo(0.9, milliseconds(700)), Duration::zero());
}

TEST(SampleWindow, TheLatestHundredCount) {
  SampleWindow window = OneToEach(100);
  for (int i = 0; i < 100; ++i) window.Add(milliseconds(7), false);
  EXPECT_EQ(window.ToGo(0.01), Duration(milliseconds(7)));
  EXPECT_EQ(window.ToGo(1), Duration(milliseconds(7)));
}

}  // namespace
}  // namespace mom
