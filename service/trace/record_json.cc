#include "service/trace/record_json.h"

#include <chrono>

#include "service/base/json_writer.h"
#include "service/model/translator.h"

namespace mom {
namespace {

double Milliseconds(std::chrono::nanoseconds time) {
  return std::chrono::duration<double, std::milli>(time).count();
}

double UnixTime(std::chrono::system_clock::time_point time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

void WriteStrings(JsonWriter& json, const char* key, const std::vector<std::string>& strings) {
  json.Key(key).BeginArray();
  for (const std::string& string : strings) json.String(string);
  json.EndArray();
}

void WriteUsage(JsonWriter& json, const Usage& usage) {
  json.BeginObject()
      .Field("prompt_tokens", usage.prompt_tokens)
      .Field("completion_tokens", usage.completion_tokens)
      .Field("total_tokens", usage.total_tokens());
  if (usage.cached_tokens) json.Field("cached_tokens", *usage.cached_tokens);
  if (usage.reasoning_tokens) json.Field("reasoning_tokens", *usage.reasoning_tokens);
  if (usage.estimated) json.Field("estimated", true);
  if (usage.cost_nanos_usd) json.Field("cost_nanos_usd", *usage.cost_nanos_usd);
  json.EndObject();
}

void WriteError(JsonWriter& json, const Status& status) {
  if (status.ok()) return;
  const ErrorInfo info = GetErrorInfo(status);
  json.Key("error").BeginObject();
  json.Field("code", absl::StatusCodeToString(status.code()));
  if (!info.reason.empty()) json.Field("reason", info.reason);
  json.Field("message", MessageOf(status));
  for (const auto& [key, value] : info.metadata) json.Field(key, value);
  json.EndObject();
}

void WriteCompletion(JsonWriter& json, const Completion& completion) {
  json.BeginObject().Field("text", completion.text);
  if (!completion.reasoning.empty()) json.Field("reasoning", completion.reasoning);
  if (!completion.refusal.empty()) json.Field("refusal", completion.refusal);
  if (!completion.tool_calls.empty()) {
    json.Key("tool_calls").BeginArray();
    for (const ToolCall& call : completion.tool_calls) {
      json.BeginObject()
          .Field("id", call.id)
          .Field("name", call.name)
          .Field("arguments", call.arguments_json)
          .EndObject();
    }
    json.EndArray();
  }
  if (completion.finish_reason) json.Field("finish_reason", NameOf(*completion.finish_reason));
  json.EndObject();
}

void WriteCandidate(JsonWriter& json, const Candidate& candidate) {
  json.BeginObject()
      .Field("number", candidate.number)
      .Field("model", candidate.model)
      .Field("state", NameOf(candidate.state))
      .Field("grade", NameOf(candidate.grade))
      .Field("why", candidate.why)
      .Field("latency_ms", Milliseconds(candidate.latency));
  if (candidate.time_to_first_token) {
    json.Field("time_to_first_token_ms", Milliseconds(*candidate.time_to_first_token));
  }
  WriteError(json, candidate.error);
  json.Key("answer");
  WriteCompletion(json, candidate.completion);
  json.EndObject();
}

void WriteAnswer(JsonWriter& json, const Answer& answer) {
  json.Field("answered_by", answer.answered_by);
  json.Key("answer");
  WriteCompletion(json, answer.completion);
  json.Key("answer_usage");
  WriteUsage(json, answer.answer_usage);
  json.Key("usage");
  WriteUsage(json, answer.usage);
}

// The conversation in OpenAI's form, with nothing of a model's own config.
std::string ChatJson(const RunRequest& request) {
  ModelConfig model;
  model.id = request.model;
  return FindTranslator("openai")->EncodeRequest(ProviderConfig(), model, *request.chat).body;
}

}  // namespace

std::string RequestJson(const RunRecord& record) {
  const RunRequest& request = record.request();
  JsonWriter json;
  json.BeginObject()
      .Field("request_id", request.request_id)
      .Field("id", record.id)
      .Field("model", request.model)
      .Field("streaming", request.streaming)
      .Field("created", UnixTime(record.create_time))
      .Field("config_generation", record.config_generation);
  if (request.trace) json.Field("trace_id", request.trace->trace_id);
  if (request.critic) json.Field("critic", *request.critic);
  if (request.quorum) json.Field("quorum", *request.quorum);
  if (!request.members.empty()) {
    WriteStrings(json, "members", request.members);
  }
  json.Key("chat").Raw(ChatJson(request)).EndObject();
  return json.TakeString();
}

std::string AttemptJson(const Attempt& attempt) {
  JsonWriter json;
  json.BeginObject()
      .Field("number", attempt.number)
      .Field("role", NameOf(attempt.role))
      .Field("model", attempt.model)
      .Field("provider", attempt.provider)
      .Field("try", attempt.try_number)
      .Field("started", UnixTime(attempt.start_time))
      .Field("latency_ms", Milliseconds(attempt.latency));
  if (attempt.candidate > 0) json.Field("candidate", attempt.candidate);
  if (attempt.time_to_first_token) {
    json.Field("time_to_first_token_ms", Milliseconds(*attempt.time_to_first_token));
  }
  json.Field("http_status", attempt.http_status);
  if (!attempt.upstream_model.empty()) json.Field("upstream_model", attempt.upstream_model);
  if (!attempt.upstream_request_id.empty()) {
    json.Field("upstream_request_id", attempt.upstream_request_id);
  }
  WriteError(json, attempt.status);
  json.Key("usage");
  WriteUsage(json, attempt.usage);
  json.Key("answer");
  WriteCompletion(json, attempt.answer);
  if (!attempt.request_body.empty()) json.Key("sent").Raw(attempt.request_body);
  json.EndObject();
  return json.TakeString();
}

std::string AnswerJson(const RunRecord& record) {
  JsonWriter json;
  json.BeginObject()
      .Field("request_id", record.request().request_id)
      .Field("strategy", record.strategy)
      .Field("strategy_reason", record.strategy_reason)
      .Field("contract", record.contract)
      .Field("latency_ms", Milliseconds(record.latency));
  WriteError(json, record.status);
  if (record.answer != nullptr) WriteAnswer(json, *record.answer);
  WriteStrings(json, "degraded_reasons", record.degraded_reasons);
  WriteStrings(json, "notes", record.notes);
  json.Key("stages").BeginArray();
  for (const StageEvent& stage : record.stages) {
    json.BeginObject().Field("name", stage.name);
    if (!stage.model.empty()) json.Field("model", stage.model);
    if (!stage.detail.empty()) json.Field("detail", stage.detail);
    json.Field("at_ms", Milliseconds(stage.at)).EndObject();
  }
  json.EndArray();
  json.Key("candidates").BeginArray();
  for (const Candidate& candidate : record.candidates) WriteCandidate(json, candidate);
  json.EndArray().EndObject();
  return json.TakeString();
}

}  // namespace mom
