#include "service/rpc/convert_facts.h"

#include "service/rpc/grpc_status.h"

namespace mom {
namespace {

v1::CandidateState ToProto(CandidateState state) {
  switch (state) {
    case CandidateState::kSucceeded:
      return v1::CANDIDATE_STATE_SUCCEEDED;
    case CandidateState::kFailed:
      return v1::CANDIDATE_STATE_FAILED;
    case CandidateState::kTimedOut:
      return v1::CANDIDATE_STATE_TIMED_OUT;
    case CandidateState::kCancelled:
      return v1::CANDIDATE_STATE_CANCELLED;
    case CandidateState::kSkipped:
      return v1::CANDIDATE_STATE_SKIPPED;
  }
  return v1::CANDIDATE_STATE_UNSPECIFIED;
}

v1::CandidateGrade ToProto(Grade grade) {
  switch (grade) {
    case Grade::kUsable:
      return v1::CANDIDATE_GRADE_USABLE;
    case Grade::kContractBroken:
      return v1::CANDIDATE_GRADE_CONTRACT_BROKEN;
    case Grade::kCut:
      return v1::CANDIDATE_GRADE_CUT;
    case Grade::kRefused:
      return v1::CANDIDATE_GRADE_REFUSED;
    case Grade::kFailed:
      return v1::CANDIDATE_GRADE_FAILED;
  }
  return v1::CANDIDATE_GRADE_UNSPECIFIED;
}

}  // namespace

v1::FinishReason ToProto(FinishReason reason) {
  switch (reason) {
    case FinishReason::kStop:
      return v1::FINISH_REASON_STOP;
    case FinishReason::kLength:
      return v1::FINISH_REASON_LENGTH;
    case FinishReason::kToolCalls:
      return v1::FINISH_REASON_TOOL_CALLS;
    case FinishReason::kContentFilter:
      return v1::FINISH_REASON_CONTENT_FILTER;
    case FinishReason::kFunctionCall:
      return v1::FINISH_REASON_FUNCTION_CALL;
  }
  return v1::FINISH_REASON_UNSPECIFIED;
}

void Fill(const Usage& usage, v1::Usage& out) {
  out.set_prompt_tokens(usage.prompt_tokens);
  out.set_completion_tokens(usage.completion_tokens);
  out.set_total_tokens(usage.total_tokens());
  if (usage.cached_tokens) out.set_cached_tokens(*usage.cached_tokens);
  if (usage.reasoning_tokens) out.set_reasoning_tokens(*usage.reasoning_tokens);
  out.set_estimated(usage.estimated);
  if (usage.cost_nanos_usd) out.set_cost_nanos_usd(*usage.cost_nanos_usd);
}

void Fill(const StageEvent& event, v1::Stage& out) {
  out.set_name(event.name);
  out.set_model(event.model);
  out.set_detail(event.detail);
  FillTime(event.at, *out.mutable_at());
}

void FillFacts(const Candidate& candidate, v1::Candidate& out) {
  out.set_model(candidate.model);
  out.set_state(ToProto(candidate.state));
  // What MoM or a time limit ended has no grade.
  if (candidate.state == CandidateState::kSucceeded || candidate.state == CandidateState::kFailed) {
    out.set_grade(ToProto(candidate.grade));
  }
  if (candidate.completion.finish_reason) {
    out.set_finish_reason(ToProto(*candidate.completion.finish_reason));
  }
  Fill(candidate.usage, *out.mutable_usage());
  if (!candidate.error.ok()) *out.mutable_error() = ToRpcStatus(candidate.error);
  FillTime(candidate.latency, *out.mutable_latency());
  if (candidate.time_to_first_token) {
    FillTime(*candidate.time_to_first_token, *out.mutable_time_to_first_token());
  }
  out.set_attempts(candidate.attempts);
  out.set_upstream_model(candidate.completion.upstream_model);
  out.set_why(candidate.why);
  out.set_number(candidate.number);
}

}  // namespace mom
