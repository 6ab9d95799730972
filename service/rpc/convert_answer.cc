#include <variant>

#include "service/rpc/convert.h"
#include "service/rpc/convert_facts.h"

namespace mom {
namespace {

void Fill(const ToolCall& call, v1::ToolCall& out) {
  out.set_id(call.id);
  if (!call.raw_json.empty()) {
    out.set_raw_json(call.raw_json);
    return;
  }
  out.mutable_function()->set_name(call.name);
  out.mutable_function()->set_arguments_json(call.arguments_json);
  out.set_extra_content_json(call.extra_content_json);
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
  FillFacts(candidate, out);
  Fill(candidate.completion, *out.mutable_message());
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
    piece.set_extra_content_json(call.extra_content_json);
  }
}

void Fill(const StartedEvent& event, v1::Started& out) {
  out.set_id(event.id);
  FillTime(event.create_time.time_since_epoch(), *out.mutable_create_time());
  out.set_model(event.model);
  out.set_strategy(event.strategy);
  for (const std::string& member : event.members) out.add_members(member);
  out.set_request_id(event.request_id);
}

// What both responses have.
template <typename Response>
void FillAnswer(const Answer& answer, Response& out) {
  out.set_id(answer.id);
  FillTime(answer.create_time.time_since_epoch(), *out.mutable_create_time());
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
    out_.mutable_candidate_delta()->set_number(event.number);
    Fill(event.delta, *out_.mutable_candidate_delta()->mutable_delta());
  }
  void operator()(const CandidateFinishedEvent& event) {
    Fill(event.candidate, *out_.mutable_candidate_finished());
  }
  void operator()(const StageEvent& event) { Fill(event, *out_.mutable_stage()); }
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
  out.set_strategy_reason(answer.strategy_reason);
  out.set_contract(answer.contract);
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
    FillTime(*answer.time_to_first_token, *out.mutable_time_to_first_token());
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
