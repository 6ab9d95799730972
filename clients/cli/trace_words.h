// How traces are put in words: the same in the terminal and on the page.
#ifndef MOM_CLIENTS_CLI_TRACE_WORDS_H_
#define MOM_CLIENTS_CLI_TRACE_WORDS_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "service/trace/trace.h"

namespace mom::cli {

// "$0.00123"; "unknown" where no price was known, "-" where nothing was used.
std::string CostOf(const Usage& usage);
// The cost of all attempts; "at least $0.00123" where a price is missing.
std::string CostOf(const Trace& trace);
// "1,200 tokens in, 340 out"; with "about" where they are estimated; "no tokens".
std::string TokensOf(const Usage& usage);
// "2026-11-23 09:07:25", UTC.
std::string FormatTime(std::chrono::system_clock::time_point time);
// "mom", also where the request named nothing.
std::string ModelOf(const Trace& trace);

// "synthesize: configured; form: none".
std::string StrategyOf(const Trace& trace);

// "ok", "degraded", or what the failure is called: "ALL_MEMBERS_FAILED".
std::string OutcomeOf(const Trace& trace);
// "stop", "503 UPSTREAM_OVERLOADED", "cancelled".
std::string OutcomeOf(const TraceAttempt& attempt);
// "usable", "timed_out".
std::string OutcomeOf(const TraceCandidate& candidate);
// Whether MoM itself ended the call: no failure.
bool IsCancelled(const TraceError& error);
// "writer", "writer, try 2".
std::string LabelOf(const TraceAttempt& attempt);
// "UPSTREAM_TIMEOUT: the model took too long".
std::string Describe(const TraceError& error);
// "read_file({"path": "a.txt"})".
std::string Describe(const ToolCall& call);

// "2.10 s, first token after 0.80 s, 1,200 tokens in, 340 out, cost $0.0012": over all its
// attempts.
std::string FactsOf(const Trace& trace, const TraceCandidate& candidate);
// What an attempt was sent beside the client's conversation: a system message, the drafts.
std::vector<TraceMessage> AddedMessages(const Trace& trace, const TraceAttempt& attempt);
// Whether the run's answer is what this attempt said.
bool IsFinal(const Trace& trace, const TraceAttempt& attempt);
// Which draft was whose for a critic: "draft A: writer, draft B: small".
std::string DraftLegendOf(const Trace& trace, const TraceAttempt& critic);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_WORDS_H_
