#include "service/model/attempt_recorder.h"

#include <string>
#include <string_view>
#include <utility>

#include "service/base/utf8.h"
#include "service/model/pricing.h"

namespace mom {
namespace {

// The provider's own id of the call: what its support asks for.
std::string UpstreamRequestId(const HttpResponse& head) {
  constexpr std::size_t kMostBytes = 128;
  std::string_view id = head.Header("x-request-id");
  if (id.empty()) id = head.Header("request-id");
  return ToValidUtf8(std::string(id.substr(0, kMostBytes)));
}

std::int64_t EstimateWritten(const Completion& answer) {
  std::int64_t sum = EstimateTokens(answer.text) + EstimateTokens(answer.reasoning) +
                     EstimateTokens(answer.refusal);
  for (const ToolCall& call : answer.tool_calls) {
    sum += EstimateTokens(call.name) + EstimateTokens(call.arguments_json);
  }
  return sum;
}

}  // namespace

AttemptRecorder::AttemptRecorder(const ModelConfig& model,
                                 std::shared_ptr<const ChatRequest> request,
                                 const CallContext& context, const std::string& body)
    : model_(model), request_(std::move(request)), log_(context.attempts) {
  attempt_.try_number = context.try_number;
  attempt_.role = context.role;
  attempt_.candidate = context.candidate;
  attempt_.model = model.name;
  attempt_.provider = model.provider;
  attempt_.start_time = std::chrono::system_clock::now();
  if (log_->capture()) attempt_.request_body = body;
  attempt_.number = log_->Started(attempt_);
}

AttemptRecorder::~AttemptRecorder() {
  if (!finished_) Finish(Status(StatusCode::kCancelled, "cancelled"));
}

void AttemptRecorder::OnResponse(const HttpResponse& head) {
  attempt_.http_status = head.status;
  attempt_.upstream_request_id = UpstreamRequestId(head);
}

void AttemptRecorder::OnDelta(const ChatDelta& delta) {
  if (delta.IsPayload() && !has_payload()) attempt_.time_to_first_token = Elapsed();
  if (delta.usage) reported_ = delta.usage;
  answer_.Append(delta);
}

Usage AttemptRecorder::CurrentUsage() const {
  Usage usage = reported_.value_or(Usage());
  if (usage.prompt_tokens == 0) {
    usage.prompt_tokens = EstimatePromptTokens(*request_);
    usage.estimated = true;
  }
  const std::int64_t written = EstimateWritten(answer_);
  if (usage.completion_tokens == 0 && written > 0) {
    usage.completion_tokens = written;
    usage.estimated = true;
  }
  if (model_.price) usage.cost_nanos_usd = CostNanosUsd(usage, *model_.price);
  return usage;
}

void AttemptRecorder::Finish(Status status) {
  finished_ = true;
  attempt_.latency = Elapsed();
  attempt_.status = std::move(status);
  if (may_be_billed_) attempt_.usage = CurrentUsage();
  attempt_.finish_reason = answer_.finish_reason;
  attempt_.upstream_model = answer_.upstream_model;
  if (log_->capture()) {
    attempt_.answer = std::move(answer_);
    attempt_.answer.usage = attempt_.usage;
  }
  log_->Finished(std::move(attempt_));
}

}  // namespace mom
