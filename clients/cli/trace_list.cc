#include "clients/cli/trace_list.h"

#include <chrono>

#include "clients/cli/quantity.h"
#include "clients/cli/text_lines.h"
#include "clients/cli/trace_words.h"

namespace mom::cli {

std::vector<std::string> TraceListHead() {
  return {"TIME (UTC)", "REQUEST", "MODEL", "STRATEGY", "ANSWERED BY",
          "TOOK",       "CALLS",   "COST",  "OUTCOME"};
}

std::vector<std::string> TraceListRow(const Trace& trace) {
  std::vector<std::string> row = {FormatTime(trace.created),
                                  trace.request_id,
                                  ModelOf(trace),
                                  trace.strategy,
                                  trace.answered_by.empty() ? "-" : trace.answered_by,
                                  FormatSeconds(trace.latency),
                                  std::to_string(trace.attempts.size()),
                                  CostOf(trace),
                                  OutcomeOf(trace)};
  for (std::string& cell : row) cell = OneLine(cell);
  return row;
}

void WriteTraceListRow(const Trace& trace, JsonWriter& json) {
  const Usage usage = trace.usage();
  json.BeginObject()
      .Field("folder", trace.folder)
      .Field("time", FormatTime(trace.created))
      .Field("request_id", trace.request_id)
      .Field("model", ModelOf(trace))
      .Field("strategy", trace.strategy)
      .Field("answered_by", trace.answered_by)
      .Field("seconds", std::chrono::duration<double>(trace.latency).count())
      .Field("calls", trace.attempts.size())
      .Field("prompt_tokens", usage.prompt_tokens)
      .Field("completion_tokens", usage.completion_tokens)
      .Key("cost_nanos_usd");
  usage.cost_nanos_usd ? json.Int(*usage.cost_nanos_usd) : json.Null();
  json.Field("outcome", OutcomeOf(trace)).EndObject();
}

}  // namespace mom::cli
