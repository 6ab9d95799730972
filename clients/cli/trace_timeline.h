// What happened when in a run, before it is drawn.
#ifndef MOM_CLIENTS_CLI_TRACE_TIMELINE_H_
#define MOM_CLIENTS_CLI_TRACE_TIMELINE_H_

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "service/trace/trace.h"

namespace mom::cli {

struct TimelineRow {
  // A moment has no length: the quorum, the answer.
  enum class Kind { kMember, kCritic, kMoment };
  enum class End { kDone, kFailed, kCancelled };

  Kind kind = Kind::kMember;
  End ending = End::kDone;
  std::string label;
  std::string took;  // "2.10 s"; empty for a moment within the run
  std::string note;
  std::chrono::nanoseconds start{0};
  std::optional<std::chrono::nanoseconds> first_token;
  std::chrono::nanoseconds end{0};
};

struct TimelineTick {
  std::chrono::nanoseconds at{0};
  std::string label;  // "0.5 s"
};

// All times count from the run's start; start <= first_token <= end <= length.
struct Timeline {
  std::chrono::nanoseconds length{1};
  std::vector<TimelineRow> rows;    // in the order of their start; the last is the run's end
  std::vector<TimelineTick> ticks;  // from 0, at most `most_ticks`
};

Timeline MakeTimeline(const Trace& trace, int most_ticks);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_TIMELINE_H_
