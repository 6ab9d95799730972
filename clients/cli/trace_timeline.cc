#include "clients/cli/trace_timeline.h"
#include "clients/cli/quantity.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <utility>

#include "clients/cli/trace_words.h"

namespace mom::cli {
namespace {

using std::chrono::nanoseconds;

TimelineRow RowOf(const TraceAttempt& attempt) {
  TimelineRow row;
  const bool is_critic = attempt.role != "member";
  row.kind = is_critic ? TimelineRow::Kind::kCritic : TimelineRow::Kind::kMember;
  if (attempt.error) {
    row.ending =
        IsCancelled(*attempt.error) ? TimelineRow::End::kCancelled : TimelineRow::End::kFailed;
  }
  row.label = LabelOf(attempt) + (is_critic ? " (" + attempt.role + ")" : "");
  row.took = FormatSeconds(attempt.latency);
  row.note = OutcomeOf(attempt);
  row.start = attempt.start;
  row.end = attempt.start + attempt.latency;
  if (attempt.time_to_first_token) {
    row.first_token = attempt.start + std::min(*attempt.time_to_first_token, attempt.latency);
  }
  return row;
}

TimelineRow Moment(std::string label, std::string note, nanoseconds at) {
  TimelineRow row;
  row.kind = TimelineRow::Kind::kMoment;
  row.label = std::move(label);
  row.note = std::move(note);
  row.start = row.end = at;
  return row;
}

// That a critic is asked shows in its attempts.
bool IsShownAsAttempt(const TraceStage& stage) { return stage.name.starts_with("critic"); }

TimelineRow EndOf(const Trace& trace) {
  TimelineRow row = trace.error ? Moment("failed", OutcomeOf(trace), trace.latency)
                                : Moment("answer", "by " + trace.answered_by, trace.latency);
  if (trace.error) row.ending = TimelineRow::End::kFailed;
  row.took = FormatSeconds(trace.latency);
  return row;
}

// The least of 1, 2, 5, 10, ... milliseconds that needs no more ticks than that.
nanoseconds StepOf(nanoseconds length, int most_ticks) {
  nanoseconds step = std::chrono::milliseconds(1);
  for (int i = 0; length / step >= most_ticks; ++i) step = i % 3 == 1 ? step / 2 * 5 : step * 2;
  return step;
}

// All labels of an axis have the same unit and as many digits.
std::string TickLabel(nanoseconds at, nanoseconds step, nanoseconds length) {
  constexpr nanoseconds kSecond = std::chrono::seconds(1);
  char text[40];
  if (length < kSecond) {
    std::snprintf(text, sizeof text, "%.0f ms", static_cast<double>(at.count()) / 1e6);
    return text;
  }
  int digits = 0;
  for (nanoseconds unit = kSecond; step % unit != nanoseconds(0); unit /= 10) ++digits;
  std::snprintf(text, sizeof text, "%.*f s", digits, static_cast<double>(at.count()) / 1e9);
  return text;
}

}  // namespace

Timeline MakeTimeline(const Trace& trace, int most_ticks) {
  Timeline timeline;
  for (const TraceAttempt& attempt : trace.attempts) timeline.rows.push_back(RowOf(attempt));
  for (const TraceStage& stage : trace.stages) {
    if (!stage.at || IsShownAsAttempt(stage)) continue;
    const std::string note = stage.model.empty() ? stage.detail : stage.model + " " + stage.detail;
    timeline.rows.push_back(Moment(stage.name, note, *stage.at));
  }
  std::stable_sort(timeline.rows.begin(), timeline.rows.end(),
                   [](const TimelineRow& a, const TimelineRow& b) { return a.start < b.start; });
  timeline.rows.push_back(EndOf(trace));
  for (const TimelineRow& row : timeline.rows) {
    timeline.length = std::max(timeline.length, row.end);
  }
  const nanoseconds step = StepOf(timeline.length, most_ticks);
  for (nanoseconds at{0}; at <= timeline.length; at += step) {
    timeline.ticks.push_back({at, TickLabel(at, step, timeline.length)});
  }
  return timeline;
}

}  // namespace mom::cli
