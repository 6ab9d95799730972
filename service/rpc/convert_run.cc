#include "service/rpc/convert_run.h"

#include <google/protobuf/generated_enum_reflection.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "service/engine/mixture_config.h"
#include "service/rpc/convert_facts.h"
#include "service/rpc/grpc_status.h"

namespace mom {
namespace {

using std::chrono::nanoseconds;

// What the calls of a record and of a trace have alike.
template <typename Call>
void FillCall(const Call& call, nanoseconds start, v1::Attempt& out) {
  out.set_number(call.number);
  out.set_try_number(call.try_number);
  out.set_model(call.model);
  out.set_provider(call.provider);
  FillTime(start, *out.mutable_at());
  FillTime(call.latency, *out.mutable_latency());
  if (call.time_to_first_token) {
    FillTime(*call.time_to_first_token, *out.mutable_time_to_first_token());
  }
  out.set_http_status(call.http_status);
  Fill(call.usage, *out.mutable_usage());
  out.set_upstream_model(call.upstream_model);
  out.set_upstream_request_id(call.upstream_request_id);
}

// What a record and a trace have alike.
template <typename Source>
void FillCommon(const Source& source, const std::string& model, v1::Run& out) {
  out.set_id(source.id);
  out.set_model(model.empty() ? kDefaultMixture : model);
  FillTime(source.latency, *out.mutable_latency());
  out.set_strategy(source.strategy);
  out.set_strategy_reason(source.strategy_reason);
  out.set_contract(source.contract);
  for (const std::string& reason : source.degraded_reasons) out.add_degraded_reasons(reason);
  for (const std::string& note : source.notes) out.add_notes(note);
  out.set_config_generation(static_cast<std::uint64_t>(source.config_generation));
}

void FillAttempt(const Attempt& attempt, const RunRecord& record, v1::Attempt& out) {
  // The wall clock may have been set back meanwhile.
  const nanoseconds start = attempt.start_time - record.create_time;
  FillCall(attempt, std::max(start, nanoseconds(0)), out);
  out.set_role(NameOf(attempt.role));
  if (!attempt.status.ok()) *out.mutable_error() = ToRpcStatus(attempt.status);
  if (attempt.finish_reason) out.set_finish_reason(ToProto(*attempt.finish_reason));
}

// The value that ends with a name, "timed_out", behind its enum's prefix; 0: there is none.
template <typename Enum>
Enum FromName(std::string prefix, std::string_view name) {
  for (const char c : name) {
    prefix.push_back(static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  }
  const auto* const value = google::protobuf::GetEnumDescriptor<Enum>()->FindValueByName(prefix);
  return value == nullptr ? Enum{} : static_cast<Enum>(value->number());
}

v1::FinishReason FinishReasonOf(const TraceOutput& output) {
  return FromName<v1::FinishReason>("FINISH_REASON_", output.finish_reason);
}

google::rpc::Status ErrorOf(const TraceError& error) {
  int code = static_cast<int>(StatusCode::kUnauthenticated);  // the last one
  while (code > 0 && absl::StatusCodeToString(static_cast<StatusCode>(code)) != error.code) --code;
  const StatusCode known = code > 0 ? static_cast<StatusCode>(code) : StatusCode::kUnknown;
  return ToRpcStatus(MakeError(known, error.message, error.reason));
}

void FillAttempt(const TraceAttempt& attempt, v1::Attempt& out) {
  FillCall(attempt, attempt.start, out);
  out.set_role(attempt.role);
  if (attempt.error) *out.mutable_error() = ErrorOf(*attempt.error);
  out.set_finish_reason(FinishReasonOf(attempt.answer));
}

void FillCandidate(const TraceCandidate& candidate, const Trace& trace, v1::Candidate& out) {
  out.set_model(candidate.model);
  out.set_state(FromName<v1::CandidateState>("CANDIDATE_STATE_", candidate.state));
  if (candidate.state == "succeeded" || candidate.state == "failed") {
    out.set_grade(FromName<v1::CandidateGrade>("CANDIDATE_GRADE_", candidate.grade));
  }
  out.set_finish_reason(FinishReasonOf(candidate.answer));
  Fill(trace.usage_of(candidate), *out.mutable_usage());
  if (candidate.error) *out.mutable_error() = ErrorOf(*candidate.error);
  FillTime(candidate.latency, *out.mutable_latency());
  if (candidate.time_to_first_token) {
    FillTime(*candidate.time_to_first_token, *out.mutable_time_to_first_token());
  }
  for (const TraceAttempt& attempt : trace.attempts) {
    if (!attempt.IsFor(candidate)) continue;
    out.set_attempts(out.attempts() + 1);
    out.set_upstream_model(attempt.upstream_model);
  }
  out.set_why(candidate.why);
  out.set_number(candidate.number);
}

void FillStage(const TraceStage& stage, v1::Stage& out) {
  out.set_name(stage.name);
  out.set_model(stage.model);
  out.set_detail(stage.detail);
  if (stage.at) FillTime(*stage.at, *out.mutable_at());
}

}  // namespace

v1::Run ToRun(const RunRecord& record) {
  v1::Run out;
  FillCommon(record, record.request().model, out);
  out.set_request_id(record.request().request_id);
  FillTime(record.create_time.time_since_epoch(), *out.mutable_create_time());
  out.set_streamed(record.request().streaming);
  if (!record.status.ok()) *out.mutable_error() = ToRpcStatus(record.status);
  if (record.answer != nullptr) {
    out.set_answered_by(record.answer->answered_by);
    out.set_finish_reason(ToProto(record.answer->completion.finish_reason.value()));
  }
  for (const Candidate& candidate : record.candidates) FillFacts(candidate, *out.add_candidates());
  for (const StageEvent& stage : record.stages) Fill(stage, *out.add_stages());
  Usage sum;
  for (const Attempt& attempt : record.attempts()) {
    FillAttempt(attempt, record, *out.add_attempts());
    sum += attempt.usage;
  }
  Fill(sum, *out.mutable_usage());
  return out;
}

v1::Run ToRun(const Trace& trace) {
  v1::Run out;
  FillCommon(trace, trace.model, out);
  out.set_request_id(trace.request_id);
  FillTime(trace.created.time_since_epoch(), *out.mutable_create_time());
  out.set_streamed(trace.streaming);
  if (trace.error) *out.mutable_error() = ErrorOf(*trace.error);
  out.set_answered_by(trace.answered_by);
  out.set_finish_reason(FinishReasonOf(trace.answer));
  for (const TraceCandidate& candidate : trace.candidates) {
    FillCandidate(candidate, trace, *out.add_candidates());
  }
  for (const TraceStage& stage : trace.stages) FillStage(stage, *out.add_stages());
  for (const TraceAttempt& attempt : trace.attempts) FillAttempt(attempt, *out.add_attempts());
  Fill(trace.usage(), *out.mutable_usage());
  return out;
}

}  // namespace mom
