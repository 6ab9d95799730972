#include "clients/cli/trace_timeline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cli/trace_sample.h"

namespace mom::cli::testing {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Labels(const Timeline& timeline) {
  std::vector<std::string> labels;
  for (const TimelineRow& row : timeline.rows) labels.push_back(row.label);
  return labels;
}

std::vector<std::string> Ticks(std::chrono::nanoseconds length, int most) {
  Trace trace = EmptyTrace();
  trace.latency = length;
  std::vector<std::string> labels;
  for (const TimelineTick& tick : MakeTimeline(trace, most).ticks) labels.push_back(tick.label);
  return labels;
}

TEST(Timeline, HasARowForEachAttemptAndMomentInTheOrderOfTheirStart) {
  const Timeline timeline = MakeTimeline(MixtureTrace(), 8);
  EXPECT_THAT(Labels(timeline),
              ElementsAre("writer", "flaky", "qwen/unicode-model-long-name", "dead", "slow",
                          "flaky, try 2", "quorum", "judge (critic)", "spare (critic)", "answer"));
  EXPECT_EQ(timeline.length, milliseconds(5030));
  const TimelineRow& writer = timeline.rows[0];
  EXPECT_EQ(writer.kind, TimelineRow::Kind::kMember);
  EXPECT_EQ(writer.start, milliseconds(4));
  EXPECT_EQ(writer.first_token, milliseconds(804));
  EXPECT_EQ(writer.end, milliseconds(2104));
  EXPECT_EQ(writer.took, "2.10 s");
  EXPECT_EQ(writer.note, "stop");
  EXPECT_EQ(timeline.rows[1].ending, TimelineRow::End::kFailed);
  EXPECT_EQ(timeline.rows[1].note, "503 UPSTREAM_UNAVAILABLE");
  EXPECT_EQ(timeline.rows[3].note, "CONNECT_FAILED");
  EXPECT_EQ(timeline.rows[4].ending, TimelineRow::End::kCancelled);
  EXPECT_EQ(timeline.rows[6].kind, TimelineRow::Kind::kMoment);
  EXPECT_EQ(timeline.rows[8].kind, TimelineRow::Kind::kCritic);
}

TEST(Timeline, AnAttemptMayOutliveTheRun) {
  Trace trace = MixtureTrace();
  trace.attempts[4].latency = milliseconds(9000);
  EXPECT_EQ(MakeTimeline(trace, 8).length, milliseconds(9007));
}

TEST(Timeline, TicksAreRoundAndFew) {
  EXPECT_THAT(Ticks(milliseconds(13), 4), ElementsAre("0 ms", "5 ms", "10 ms"));
  EXPECT_THAT(Ticks(milliseconds(1400), 4), ElementsAre("0.0 s", "0.5 s", "1.0 s"));
  EXPECT_THAT(Ticks(milliseconds(5030), 6), ElementsAre("0 s", "1 s", "2 s", "3 s", "4 s", "5 s"));
  EXPECT_THAT(Ticks(std::chrono::minutes(5), 4), ElementsAre("0 s", "100 s", "200 s", "300 s"));
  for (int most = 1; most < 12; ++most) {
    for (std::int64_t length = 1; length < 1'000'000'000'000'000'000; length *= 3) {
      ASSERT_LE(Ticks(std::chrono::nanoseconds(length), most).size(),
                static_cast<std::size_t>(most))
          << length;
    }
  }
}

}  // namespace
}  // namespace mom::cli::testing
