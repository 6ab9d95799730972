#include "service/rpc/request_log.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "service/base/log.h"
#include "service/engine/candidate.h"

namespace mom {
namespace {

std::int64_t Milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(time).count();
}

// What went wrong is in the client's hands where it made the mistake or left.
LogLevel LevelOf(const Status& status) {
  switch (status.code()) {
    case StatusCode::kOk:
    case StatusCode::kCancelled:
    case StatusCode::kInvalidArgument:
    case StatusCode::kNotFound:
      return LogLevel::kInfo;
    case StatusCode::kInternal:
    case StatusCode::kUnknown:
      return LogLevel::kError;
    default:
      return LogLevel::kWarning;
  }
}

// "writer:usable small:failed(CONNECT_TIMEOUT)".
std::string Outcomes(const std::vector<Candidate>& candidates) {
  std::string out;
  for (const Candidate& candidate : candidates) {
    if (!out.empty()) out.push_back(' ');
    out += candidate.model + ":";
    if (candidate.state == CandidateState::kSucceeded) {
      out += NameOf(candidate.grade);
      continue;
    }
    out += NameOf(candidate.state);
    const std::string reason = GetErrorInfo(candidate.error).reason;
    if (!reason.empty()) out += "(" + reason + ")";
  }
  return out;
}

std::string Join(const std::vector<std::string>& lines) {
  std::string out;
  for (const std::string& line : lines) out += (out.empty() ? "" : "; ") + line;
  return out;
}

std::string_view IdOf(const std::optional<TraceContext>& trace) {
  return trace ? std::string_view(trace->trace_id) : "";
}

Usage SumOf(const RunRecord& record) {
  Usage sum;
  for (const ModelUsage& usage : record.ModelUsages()) sum += usage.usage;
  return sum;
}

LogField::Value CostOf(const Usage& usage) {
  if (!usage.cost_nanos_usd) return nullptr;
  return *usage.cost_nanos_usd;
}

// Of the model that answered; where none did, the shortest of all members. -1: no token came.
std::int64_t FirstTokenMilliseconds(const RunRecord& record) {
  if (record.answer && record.answer->time_to_first_token) {
    return Milliseconds(*record.answer->time_to_first_token);
  }
  std::int64_t shortest = -1;
  for (const Candidate& candidate : record.candidates) {
    if (!candidate.time_to_first_token) continue;
    const std::int64_t own = Milliseconds(*candidate.time_to_first_token);
    if (shortest < 0 || own < shortest) shortest = own;
  }
  return shortest;
}

}  // namespace

void RequestLog::Finished(std::shared_ptr<const RunRecord> record) {
  const Answer* answer = record->answer.get();
  const Usage usage = SumOf(*record);
  const std::string code = absl::StatusCodeToString(record->status.code());
  const ErrorInfo error = GetErrorInfo(record->status);
  const auto cause = error.metadata.find("cause");
  const std::string members = Outcomes(record->candidates);
  const std::string degraded = Join(record->degraded_reasons);
  const std::string notes = Join(record->notes);
  Log(LevelOf(record->status), "request",
      {{"request_id", record->request().request_id},
       {"trace_id", IdOf(record->request().trace)},
       {"id", record->id},
       {"model", record->request().model},
       {"strategy", record->strategy},
       {"stream", record->request().streaming},
       {"code", code},
       {"reason", error.reason},
       {"cause", cause != error.metadata.end() ? std::string_view(cause->second) : ""},
       {"latency_ms", Milliseconds(record->latency)},
       {"ttft_ms", FirstTokenMilliseconds(*record)},
       {"answered_by", answer != nullptr ? std::string_view(answer->answered_by) : ""},
       {"members", members},
       {"attempts", static_cast<std::int64_t>(record->attempts().size())},
       {"prompt_tokens", usage.prompt_tokens},
       {"completion_tokens", usage.completion_tokens},
       {"cost_nanos_usd", CostOf(usage)},
       {"degraded", degraded},
       {"notes", notes},
       {"config_generation", static_cast<std::int64_t>(record->config_generation)}});
}

void LogRefused(const std::string& request_id, const std::optional<TraceContext>& trace,
                const Status& status, std::uint64_t config_generation) {
  const std::string code = absl::StatusCodeToString(status.code());
  const ErrorInfo info = GetErrorInfo(status);
  Log(LevelOf(status), "request",
      {{"request_id", request_id},
       {"trace_id", IdOf(trace)},
       {"code", code},
       {"reason", info.reason},
       {"field", info.field},
       {"config_generation", static_cast<std::int64_t>(config_generation)}});
}

}  // namespace mom
