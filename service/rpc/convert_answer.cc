#include <chrono>
#include <type_traits>
#include <utility>
#include <variant>

#include "service/rpc/convert.h"
#include "service/rpc/grpc_status.h"

namespace mom {
namespace {

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

// A Duration or a Timestamp.
template <typename Proto>
void Fill(std::chrono::nanoseconds time, Proto& out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  out.set_seconds(seconds.count());
  out.set_nanos(static_cast<int>((time - seconds).count()));
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

void Fill(const ToolCall& call, v1::ToolCall& out) {
  out.set_id(call.id);
  if (!call.raw_json.empty()) {
    out.set_raw_json(call.raw_json);
    return;
  }
  out.mutable_function()->set_name(call.name);
  out.mutable_function()->set_arguments_json(call.arguments_json);
}

// An answer as a message of the assistant.
void Fill(const Completion& completion, v1::Message& out) {
  out.set_role(v1::ROLE_ASSISTANT);
  if (!completion.text.empty()) out.add_content()->set_text(completion.text);
  if (!completion.refusal.empty()) out.add_content()->set_refusal(completion.refusal);
  if (!completion.reasoning.empty()) out.set_reasoning_content(completion.reasoning);
  for (const ToolCall& call : completion.tool_calls) Fill(call, *out.add_tool_calls());
}

void Fill(const Candidate& candidate, v1::Candidate& out) {
  out.set_model(candidate.model);
  out.set_state(ToProto(candidate.state));
  // What MoM or a time limit ended has no grade.
  if (candidate.state == CandidateState::kSucceeded || candidate.state == CandidateState::kFailed) {
    out.set_grade(ToProto(candidate.grade));
  }
  Fill(candidate.completion, *out.mutable_message());
  if (candidate.completion.finish_reason) {
    out.set_finish_reason(ToProto(*candidate.completion.finish_reason));
  }
  Fill(candidate.usage, *out.mutable_usage());
  if (!candidate.error.ok()) *out.mutable_error() = ToRpcStatus(candidate.error);
  Fill(candidate.latency, *out.mutable_latency());
  if (candidate.time_to_first_token) {
    Fill(*candidate.time_to_first_token, *out.mutable_time_to_first_token());
  }
  out.set_attempts(candidate.attempts);
  out.set_upstream_model(candidate.completion.upstream_model);
}

void Fill(const ChatDelta& delta, v1::Delta& out) {
  out.set_text(delta.text);
  out.set_reasoning(delta.reasoning);
  out.set_refusal(delta.refusal);
  for (const ToolCallDelta& call : delta.tool_calls) {
    v1::ToolCallDelta& piece = *out.add_tool_calls();
    piece.set_index(call.index);
    piece.set_id(call.id);
    piece.set_name(call.name);
    piece.set_arguments_json(call.arguments_json);
  }
}

void Fill(const StartedEvent& event, v1::Started& out) {
  out.set_id(event.id);
  Fill(event.create_time.time_since_epoch(), *out.mutable_create_time());
  out.set_model(event.model);
  out.set_strategy(event.strategy);
  for (const std::string& member : event.members) out.add_members(member);
  out.set_request_id(event.request_id);
}

// What both responses have.
template <typename Response>
void FillAnswer(const Answer& answer, Response& out) {
  out.set_id(answer.id);
  Fill(answer.create_time.time_since_epoch(), *out.mutable_create_time());
  out.set_model(answer.model);
  Fill(answer.completion, *out.mutable_message());
  if (answer.completion.finish_reason) {
    out.set_finish_reason(ToProto(*answer.completion.finish_reason));
  }
  Fill(answer.usage, *out.mutable_usage());
  Fill(answer.answer_usage, *out.mutable_answer_usage());
  out.set_request_id(answer.request_id);
  for (const std::string& note : answer.notes) out.add_notes(note);
}

// One overload a kind of event.
class SynthesizeEventFiller {
 public:
  SynthesizeEventFiller(bool with_candidates, v1::SynthesizeStreamResponse& out)
      : with_candidates_(with_candidates), out_(out) {}
  void operator()(const StartedEvent& event) { Fill(event, *out_.mutable_started()); }
  void operator()(const CandidateDeltaEvent& event) {
    out_.mutable_candidate_delta()->set_model(event.model);
    Fill(event.delta, *out_.mutable_candidate_delta()->mutable_delta());
  }
  void operator()(const CandidateFinishedEvent& event) {
    Fill(event.candidate, *out_.mutable_candidate_finished());
  }
  void operator()(const StageEvent& event) {
    out_.mutable_stage()->set_name(event.name);
    out_.mutable_stage()->set_model(event.model);
    out_.mutable_stage()->set_detail(event.detail);
  }
  void operator()(const DeltaEvent& event) { Fill(event.delta, *out_.mutable_delta()); }
  void operator()(const CompletedEvent& event) {
    *out_.mutable_completed() = ToSynthesizeResponse(*event.answer, with_candidates_);
  }

 private:
  bool with_candidates_;
  v1::SynthesizeStreamResponse& out_;
};

class ModelQueryEventFiller {
 public:
  explicit ModelQueryEventFiller(v1::ModelQueryStreamResponse& out) : out_(out) {}
  void operator()(const StartedEvent& event) { Fill(event, *out_.mutable_started()); }
  void operator()(const DeltaEvent& event) { Fill(event.delta, *out_.mutable_delta()); }
  void operator()(const CompletedEvent& event) {
    *out_.mutable_completed() = ToModelQueryResponse(*event.answer);
  }
  // Not asked for, so never sent.
  template <typename Other>
  void operator()(const Other&) {}

 private:
  v1::ModelQueryStreamResponse& out_;
};

}  // namespace

v1::SynthesizeResponse ToSynthesizeResponse(const Answer& answer, bool with_candidates) {
  v1::SynthesizeResponse out;
  FillAnswer(answer, out);
  for (const ModelUsage& usage : answer.model_usages) {
    v1::ModelUsage& sum = *out.add_model_usages();
    sum.set_model(usage.model);
    sum.set_provider(usage.provider);
    Fill(usage.usage, *sum.mutable_usage());
    sum.set_attempts(usage.attempts);
  }
  if (with_candidates) {
    for (const Candidate& candidate : answer.candidates) Fill(candidate, *out.add_candidates());
  }
  out.set_degraded(answer.degraded());
  for (const std::string& reason : answer.degraded_reasons) out.add_degraded_reasons(reason);
  out.set_strategy(answer.strategy);
  out.set_answered_by(answer.answered_by);
  return out;
}

v1::ModelQueryResponse ToModelQueryResponse(const Answer& answer) {
  v1::ModelQueryResponse out;
  FillAnswer(answer, out);
  int attempts = 0;
  for (const ModelUsage& usage : answer.model_usages) attempts += usage.attempts;
  out.set_attempts(attempts);
  out.set_upstream_model(answer.completion.upstream_model);
  if (answer.time_to_first_token) {
    Fill(*answer.time_to_first_token, *out.mutable_time_to_first_token());
  }
  return out;
}

void FillEvent(const Event& event, bool with_candidates, v1::SynthesizeStreamResponse& out) {
  std::visit(SynthesizeEventFiller(with_candidates, out), event);
}

void FillEvent(const Event& event, v1::ModelQueryStreamResponse& out) {
  std::visit(ModelQueryEventFiller(out), event);
}

}  // namespace mom
