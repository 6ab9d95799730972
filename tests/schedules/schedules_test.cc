// Random schedules of latency, error and garbage: the answer keeps its contract whenever the anchor
// does, and it is the anchor, byte for byte, on every failure before the commit point. With FULL
// set in the environment 100,000 of them, else 2,000. A schedule is its number: it runs the same
// again.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <vector>

#include "tests/schedules/scheduled_run.h"
#include "tests/schedules/virtual_clock.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;

constexpr int kAtATime = 100;

TEST(Schedules, GiveNothingWorseThanTheAnchor) {
  const int count = std::getenv("FULL") == nullptr ? 2'000 : 100'000;
  asio::io_context loop;
  int wrong = 0;
  int anchors = 0;
  int written = 0;
  int cuts = 0;
  int with_form = 0;
  for (int first = 0; first < count; first += kAtATime) {
    std::vector<std::unique_ptr<ScheduledRun>> runs;
    for (int i = 0; i < kAtATime; ++i) {
      runs.push_back(std::make_unique<ScheduledRun>(first + i));
      runs.back()->Start(loop);
    }
    const auto all_over = [&] {
      return std::all_of(runs.begin(), runs.end(), [](const auto& run) { return run->is_over(); });
    };
    ASSERT_TRUE(RunVirtually(loop, milliseconds(10), milliseconds(5000), all_over))
        << "one of the schedules from " << first << " on does not end";
    for (int i = 0; i < kAtATime; ++i) {
      ScheduledRun& run = *runs[static_cast<std::size_t>(i)];
      const std::vector<std::string> problems = run.Problems();
      for (const std::string& problem : problems) {
        ADD_FAILURE() << "schedule " << first + i << ": " << problem;
      }
      wrong += problems.empty() ? 0 : 1;
      anchors += run.gave_anchor() ? 1 : 0;
      written += run.was_written() ? 1 : 0;
      cuts += run.was_cut() ? 1 : 0;
      with_form += run.has_form() ? 1 : 0;
    }
  }
  std::cout << count << " schedules: " << wrong << " wrong; " << with_form << " with a form, "
            << anchors << " gave the anchor, " << written << " what a critic wrote, " << cuts
            << " were cut after the commit point\n";
  EXPECT_GT(anchors, count / 10);
  EXPECT_GT(written, count / 40) << "else the schedules are too hard";
  EXPECT_GT(cuts, 0) << "else they are too kind";
}

}  // namespace
}  // namespace mom::testing
