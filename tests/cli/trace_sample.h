// Traces to show.
#ifndef MOM_TESTS_CLI_TRACE_SAMPLE_H_
#define MOM_TESTS_CLI_TRACE_SAMPLE_H_

#include <chrono>
#include <string>
#include <utility>

#include "service/trace/trace.h"

namespace mom::cli::testing {

using std::chrono::milliseconds;

inline TraceAttempt SampleAttempt(Trace& trace, const std::string& model, milliseconds start,
                                  milliseconds first_token, milliseconds latency) {
  TraceAttempt attempt;
  attempt.number = static_cast<int>(trace.attempts.size()) + 1;
  attempt.role = "member";
  attempt.model = model;
  attempt.provider = "acme";
  attempt.start = start;
  attempt.time_to_first_token = first_token;
  attempt.latency = latency;
  attempt.http_status = 200;
  attempt.upstream_model = "acme/" + model;
  attempt.upstream_request_id = "up-" + std::to_string(attempt.number);
  attempt.usage.prompt_tokens = 1200;
  attempt.usage.completion_tokens = 345;
  attempt.usage.cost_nanos_usd = 1'234'000;
  attempt.sent = trace.conversation;
  attempt.answer.finish_reason = "stop";
  return attempt;
}

inline void Fail(TraceAttempt& attempt, int http_status, TraceError error) {
  attempt.http_status = http_status;
  attempt.error = std::move(error);
  attempt.time_to_first_token.reset();
  attempt.usage = Usage();
  attempt.answer = TraceOutput();
}

inline void AddCandidate(Trace& trace, const TraceAttempt& attempt, const std::string& state,
                         const std::string& grade) {
  TraceCandidate candidate;
  candidate.model = attempt.model;
  candidate.state = state;
  candidate.grade = grade;
  candidate.latency = attempt.latency;
  candidate.time_to_first_token = attempt.time_to_first_token;
  candidate.error = attempt.error;
  candidate.answer = attempt.answer;
  trace.candidates.push_back(std::move(candidate));
}

inline Trace EmptyTrace() {
  Trace trace;
  trace.folder = "20261123T090725.123Z-req-7";
  trace.request_id = "req-7";
  trace.id = "mom-0011";
  trace.model = "mom";
  trace.strategy = "synthesize";
  trace.strategy_reason = "configured";
  trace.created = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'424'845));
  trace.config_generation = 1;
  trace.conversation = {{"system", "Be brief."}, {"user", "Where is Paris?\nAnd why?"}};
  return trace;
}

// Five members: one is usable at once, one after a retry, one in other scripts, one fails, one is
// cancelled; the first critic fails, the second one answers.
inline Trace MixtureTrace() {
  Trace trace = EmptyTrace();
  trace.streaming = true;

  TraceAttempt writer =
      SampleAttempt(trace, "writer", milliseconds(4), milliseconds(800), milliseconds(2100));
  writer.answer.text = "Paris is in France.\n\n```\ncapital(\"France\")\n```";
  trace.attempts.push_back(writer);
  TraceAttempt flaky =
      SampleAttempt(trace, "flaky", milliseconds(5), milliseconds(0), milliseconds(320));
  Fail(flaky, 503, {"UNAVAILABLE", "UPSTREAM_UNAVAILABLE", "model `flaky` answered with 503"});
  trace.attempts.push_back(flaky);
  TraceAttempt unicode = SampleAttempt(trace, "qwen/unicode-model-long-name", milliseconds(6),
                                       milliseconds(400), milliseconds(2600));
  unicode.answer.reasoning = "地図を見る。";
  unicode.answer.text = "パリはフランスにあります。 🇫🇷 naïve café";
  trace.attempts.push_back(unicode);
  TraceAttempt dead =
      SampleAttempt(trace, "dead", milliseconds(6), milliseconds(0), milliseconds(5));
  Fail(dead, 0, {"UNAVAILABLE", "CONNECT_FAILED", "cannot connect to `acme`"});
  trace.attempts.push_back(dead);
  TraceAttempt slow =
      SampleAttempt(trace, "slow", milliseconds(7), milliseconds(1900), milliseconds(3000));
  slow.error = {"CANCELLED", "", "cancelled"};
  slow.answer.text = "Paris, the";
  slow.answer.finish_reason = "";
  slow.usage.estimated = true;
  trace.attempts.push_back(slow);
  TraceAttempt again =
      SampleAttempt(trace, "flaky", milliseconds(560), milliseconds(300), milliseconds(1500));
  again.try_number = 2;
  again.answer.text = "In Texas <script>alert(1)</script>";
  trace.attempts.push_back(again);

  const TraceMessage drafts = {"user",
                               "<draft A 77>\nParis is in France.\n</draft A 77>\n\nWrite."};
  TraceAttempt judge =
      SampleAttempt(trace, "judge", milliseconds(3010), milliseconds(0), milliseconds(400));
  judge.role = "critic";
  judge.sent.push_back(drafts);
  Fail(judge, 429, {"RESOURCE_EXHAUSTED", "UPSTREAM_RATE_LIMITED", "too many requests"});
  trace.attempts.push_back(judge);
  TraceAttempt spare =
      SampleAttempt(trace, "spare", milliseconds(3420), milliseconds(500), milliseconds(1600));
  spare.role = "critic";
  spare.sent.push_back(drafts);
  spare.answer.text = "Paris is the capital of France.";
  trace.attempts.push_back(spare);

  AddCandidate(trace, writer, "succeeded", "usable");
  AddCandidate(trace, again, "succeeded", "usable");
  AddCandidate(trace, unicode, "succeeded", "usable");
  AddCandidate(trace, dead, "failed", "failed");
  AddCandidate(trace, slow, "cancelled", "failed");
  trace.stages = {
      {"quorum", "", "3 usable candidates, quorum 3", milliseconds(2610)},
      {"critic", "judge", "draft A: writer, draft B: flaky", milliseconds(3009)},
      {"critic_fallback", "spare", "draft A: writer, draft B: flaky", milliseconds(3418)}};
  trace.degraded_reasons = {"member dead failed: CONNECT_FAILED",
                            "critic judge: UPSTREAM_RATE_LIMITED"};
  trace.contract = "none";
  trace.notes = {"model flaky was asked without the request's tools"};
  trace.candidates[0].why = "best score 1";
  trace.candidates[4].why = "stopped, as the grace after the quorum is over";
  trace.latency = milliseconds(5030);
  trace.answered_by = "spare";
  trace.answer = spare.answer;
  return trace;
}

// Nobody answered.
inline Trace FailedTrace() {
  Trace trace = EmptyTrace();
  TraceAttempt writer =
      SampleAttempt(trace, "writer", milliseconds(0), milliseconds(0), milliseconds(12));
  Fail(writer, 401, {"UNAVAILABLE", "PROVIDER_AUTH", "provider `acme` refused the key"});
  trace.attempts.push_back(writer);
  AddCandidate(trace, writer, "failed", "failed");
  trace.latency = milliseconds(13);
  trace.error = {"UNAVAILABLE", "ALL_MEMBERS_FAILED", "no member answered: writer PROVIDER_AUTH"};
  return trace;
}

}  // namespace mom::cli::testing

#endif  // MOM_TESTS_CLI_TRACE_SAMPLE_H_
