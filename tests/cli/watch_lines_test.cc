#include "clients/cli/watch_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/run_events.h"

namespace mom::cli {
namespace {

using testing::At;
using ::testing::ElementsAre;
using testing::Event;
using ::testing::IsEmpty;

class WatchLinesTest : public ::testing::Test {
 protected:
  std::vector<std::string> Told(int milliseconds, const std::string& event) {
    return TakeAndTell(Event(event), At(milliseconds), state_);
  }

  WatchState state_{At(0)};
};

TEST_F(WatchLinesTest, EachThingIsALine) {
  EXPECT_THAT(Told(0, testing::kStarted),
              ElementsAre("mom (synthesize) asks alpha, beta, gamma; request req-1"));
  EXPECT_THAT(Told(20, testing::kBetaFailed),
              ElementsAre("beta: failed: UPSTREAM_AUTH, after 0.02 s"));
  EXPECT_THAT(Told(400, testing::kAlphaWrites), ElementsAre("alpha: first token after 0.40 s"));
  EXPECT_THAT(Told(500, testing::kAlphaWrites), IsEmpty());
  EXPECT_THAT(Told(1900, testing::kAlphaFinished),
              ElementsAre("alpha: usable, after 1.90 s, first token after 0.41 s, "
                          "120 -> 64 tokens, $0.000188"));
  EXPECT_THAT(Told(1900, testing::kQuorum), ElementsAre("quorum: 1 usable candidates, quorum 1"));
  EXPECT_THAT(Told(2500, testing::kCritic), ElementsAre("critic judge is asked"));
  EXPECT_THAT(Told(3000, testing::kDelta), ElementsAre("judge: first token after 0.50 s"));
  EXPECT_THAT(Told(3100, testing::kDelta), IsEmpty());
  EXPECT_THAT(Told(3200, "heartbeat {}"), IsEmpty());
  EXPECT_THAT(Told(4000, testing::kCompleted),
              ElementsAre("answered by judge, after 4.00 s, in all, ~400 -> 100 tokens, $0.0005"));
}

TEST_F(WatchLinesTest, FallbacksAndAnchorsAreTold) {
  Told(0, testing::kStarted);
  EXPECT_THAT(Told(1, R"(stage { name: "critic_fallback" model: "second" })"),
              ElementsAre("next critic second is asked"));
  EXPECT_THAT(Told(1, R"(stage { name: "critic_hedge" model: "third" })"),
              ElementsAre("late, so also critic third is asked"));
  EXPECT_THAT(Told(2, R"(stage { name: "anchor" model: "alpha" detail: "usable" })"),
              ElementsAre("the candidate of alpha goes out as it is"));
}

}  // namespace
}  // namespace mom::cli
