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
              ElementsAre("0.00 s  mom (synthesize) asks alpha, beta, gamma; request req-1"));
  EXPECT_THAT(Told(20, testing::kBetaFailed), ElementsAre("0.02 s  beta: failed: UPSTREAM_AUTH"));
  EXPECT_THAT(Told(400, testing::kAlphaWrites), ElementsAre("0.40 s  alpha: first token"));
  EXPECT_THAT(Told(500, testing::kAlphaWrites), IsEmpty());
  EXPECT_THAT(Told(1900, testing::kAlphaFinished),
              ElementsAre("1.90 s  alpha: usable, 120 -> 64 tokens, $0.000188"));
  EXPECT_THAT(Told(1900, testing::kQuorum),
              ElementsAre("1.90 s  quorum: 1 usable candidate, quorum 1"));
  EXPECT_THAT(Told(2500, testing::kCritic), ElementsAre("2.50 s  critic judge is asked"));
  EXPECT_THAT(Told(3000, testing::kDelta), ElementsAre("3.00 s  critic judge: first token"));
  EXPECT_THAT(Told(3100, testing::kDelta), IsEmpty());
  EXPECT_THAT(Told(3200, "heartbeat {}"), IsEmpty());
  EXPECT_THAT(Told(4000, testing::kCompleted),
              ElementsAre("4.00 s  answered by judge, in all, ~400 -> 100 tokens, $0.0005"));
}

TEST_F(WatchLinesTest, FallbacksAndAnchorsAreTold) {
  Told(0, testing::kStarted);
  EXPECT_THAT(Told(1, R"(stage { name: "critic_fallback" model: "second" })"),
              ElementsAre("0.00 s  next critic second is asked"));
  EXPECT_THAT(Told(1, R"(stage { name: "critic_hedge" model: "third" })"),
              ElementsAre("0.00 s  late, so also critic third is asked"));
  EXPECT_THAT(Told(2, R"(stage { name: "anchor" model: "alpha" detail: "usable" })"),
              ElementsAre("0.00 s  the candidate of alpha goes out as it is"));
}

TEST_F(WatchLinesTest, AMemberThatIsTheCriticTooBeginsTwice) {
  Told(0, testing::kStarted);
  EXPECT_THAT(Told(100, testing::kAlphaWrites), ElementsAre("0.10 s  alpha: first token"));
  Told(200, R"(stage { name: "critic" model: "alpha" })");
  EXPECT_THAT(Told(300, testing::kDelta), ElementsAre("0.30 s  critic alpha: first token"));
}

}  // namespace
}  // namespace mom::cli
