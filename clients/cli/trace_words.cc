#include "clients/cli/trace_words.h"

#include <algorithm>
#include <iterator>

#include "clients/cli/quantity.h"
#include "service/base/utc_time.h"

namespace mom::cli {
namespace {

std::string Join(const std::string& left, const char* separator, const std::string& right) {
  return left.empty() || right.empty() ? left + right : left + separator + right;
}

const std::string& NameOf(const TraceError& error) {
  return error.reason.empty() ? error.code : error.reason;
}

bool AreEqual(const TraceMessage& a, const TraceMessage& b) {
  return a.role == b.role && a.text == b.text;
}

}  // namespace

std::string CostOf(const Usage& usage) {
  if (usage.cost_nanos_usd) return FormatCost(*usage.cost_nanos_usd);
  return usage.total_tokens() > 0 ? "unknown" : "-";
}

std::string CostOf(const Trace& trace) {
  const Usage usage = trace.usage();
  std::int64_t known = 0;
  for (const TraceAttempt& attempt : trace.attempts) {
    known += attempt.usage.cost_nanos_usd.value_or(0);
  }
  const bool is_part = !usage.cost_nanos_usd && known > 0;
  return is_part ? "at least " + FormatCost(known) : CostOf(usage);
}

std::string TokensOf(const Usage& usage) {
  if (usage.total_tokens() == 0) return "no tokens";
  return (usage.estimated ? "about " : "") + FormatCount(usage.prompt_tokens) + " tokens in, " +
         FormatCount(usage.completion_tokens) + " out";
}

std::string FormatTime(std::chrono::system_clock::time_point time) {
  return FormatUtc(time, "%Y-%m-%d %H:%M:%S");
}

std::string ModelOf(const Trace& trace) { return trace.model.empty() ? "mom" : trace.model; }

std::string StrategyOf(const Trace& trace) {
  return Join(Join(trace.strategy, ": ", trace.strategy_reason), "; form: ", trace.contract);
}

std::string OutcomeOf(const Trace& trace) {
  if (trace.error) return NameOf(*trace.error);
  return trace.degraded_reasons.empty() ? "ok" : "degraded";
}

std::string OutcomeOf(const TraceAttempt& attempt) {
  if (!attempt.error) return attempt.answer.finish_reason;
  if (IsCancelled(*attempt.error)) return "cancelled";
  const bool is_http_error = attempt.http_status >= 300;
  return Join(is_http_error ? std::to_string(attempt.http_status) : "", " ",
              NameOf(*attempt.error));
}

std::string OutcomeOf(const TraceCandidate& candidate) {
  return candidate.state == "succeeded" ? candidate.grade : candidate.state;
}

bool IsCancelled(const TraceError& error) { return error.code == "CANCELLED"; }

std::string LabelOf(const TraceAttempt& attempt) {
  if (attempt.try_number <= 1) return attempt.model;
  return attempt.model + ", try " + std::to_string(attempt.try_number);
}

std::string Describe(const TraceError& error) { return Join(NameOf(error), ": ", error.message); }

std::string Describe(const ToolCall& call) { return call.name + "(" + call.arguments_json + ")"; }

std::string FactsOf(const Trace& trace, const TraceCandidate& candidate) {
  const Usage usage = trace.usage_of(candidate);
  std::string facts = FormatSeconds(candidate.latency);
  if (candidate.time_to_first_token) {
    facts += ", first token after " + FormatSeconds(*candidate.time_to_first_token);
  }
  return facts + ", " + TokensOf(usage) + ", cost " + CostOf(usage);
}

std::vector<TraceMessage> AddedMessages(const Trace& trace, const TraceAttempt& attempt) {
  std::vector<TraceMessage> added;
  std::copy_if(attempt.sent.begin(), attempt.sent.end(), std::back_inserter(added),
               [&](const TraceMessage& message) {
                 return std::none_of(
                     trace.conversation.begin(), trace.conversation.end(),
                     [&](const TraceMessage& known) { return AreEqual(known, message); });
               });
  return added;
}

bool IsFinal(const Trace& trace, const TraceAttempt& attempt) {
  return !trace.error && trace.answered_by == attempt.model &&
         trace.answer.text == attempt.answer.text;
}

std::string DraftLegendOf(const Trace& trace, const TraceAttempt& critic) {
  for (const TraceStage& stage : trace.stages) {
    if (stage.name.starts_with("critic") && stage.model == critic.model) return stage.detail;
  }
  return {};
}

}  // namespace mom::cli
