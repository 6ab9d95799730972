// What was recorded of one request, as its folder (recorder.h) tells it.
#ifndef MOM_TRACE_TRACE_H_
#define MOM_TRACE_TRACE_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "service/model/chat.h"

namespace mom {

// Names of states, grades, codes and the like stay as they were written, so that the folders of
// another version can be read. Texts are valid UTF-8, but may hold any character: models wrote
// them.

struct TraceError {
  std::string code;    // of absl::StatusCode: "UNAVAILABLE"
  std::string reason;  // of docs/errors.md; may be empty
  std::string message;
};

// What a model said.
struct TraceOutput {
  std::string text;
  std::string reasoning;
  std::string refusal;
  std::vector<ToolCall> tool_calls;
  std::string finish_reason;  // empty: it did not come to its end
};

// One message of a conversation. What is no text stands in brackets: "[image_url]".
struct TraceMessage {
  std::string role;
  std::string text;
};

struct TraceCandidate;

struct TraceAttempt {
  int number = 0;
  int try_number = 1;
  int candidate = 0;  // of a member: the number of the candidate that it is for; 0: not known
  std::string role;   // "member", "analysis", "critic", "judge", "repair"
  std::string model;
  std::string provider;
  std::chrono::nanoseconds start{0};  // since the run's start, like all times that are no durations
  std::chrono::nanoseconds latency{0};
  std::optional<std::chrono::nanoseconds> time_to_first_token;  // since the attempt's start
  int http_status = 0;                                          // 0: no answer came
  std::string upstream_model;
  std::string upstream_request_id;
  std::optional<TraceError> error;
  Usage usage;
  std::vector<TraceMessage> sent;
  TraceOutput answer;

  // Whether it was made for that candidate.
  bool IsFor(const TraceCandidate& one) const;
};

struct TraceCandidate {
  int number = 0;  // from 1; 0: not known, in traces of before there were numbers
  std::string model;
  std::string state;
  std::string grade;
  std::chrono::nanoseconds latency{0};
  std::optional<std::chrono::nanoseconds> time_to_first_token;
  std::string why;  // one line for people; empty: it is not known
  std::optional<TraceError> error;
  TraceOutput answer;
};

struct TraceStage {
  std::string name;
  std::string model;
  std::string detail;
  std::optional<std::chrono::nanoseconds> at;
};

struct Trace {
  std::string folder;  // its name, without the path
  std::string request_id;
  std::string id;
  std::string model;  // as asked for; empty: the default mixture
  bool streaming = false;
  std::chrono::system_clock::time_point created;
  std::int64_t config_generation = 0;
  std::vector<TraceMessage> conversation;
  std::vector<TraceAttempt> attempts;  // in the order of start
  std::string strategy;
  std::string strategy_reason;
  std::string contract;
  std::chrono::nanoseconds latency{0};
  std::optional<TraceError> error;  // of the whole run
  std::string answered_by;          // empty where it failed
  TraceOutput answer;
  std::vector<std::string> degraded_reasons;
  std::vector<std::string> notes;
  std::vector<TraceStage> stages;
  std::vector<TraceCandidate> candidates;

  // The sum over all attempts.
  Usage usage() const;
  // The same for those that were made for a candidate.
  Usage usage_of(const TraceCandidate& candidate) const;
};

}  // namespace mom

#endif  // MOM_TRACE_TRACE_H_
