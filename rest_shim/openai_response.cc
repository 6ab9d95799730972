#include "rest_shim/openai_response.h"

#include <algorithm>
#include <ctime>
#include <string_view>
#include <utility>

#include "service/base/json_writer.h"
#include "service/base/reasons.h"
#include "service/base/request_id.h"

namespace mom::rest {
namespace {

constexpr double kNanosPerDollar = 1e9;

void WriteUsage(JsonWriter& json, const v1::Usage& usage) {
  json.BeginObject();
  json.Field("prompt_tokens", usage.prompt_tokens());
  json.Field("completion_tokens", usage.completion_tokens());
  json.Field("total_tokens", usage.total_tokens());
  if (usage.has_cached_tokens()) {
    json.Key("prompt_tokens_details").BeginObject();
    json.Field("cached_tokens", usage.cached_tokens()).EndObject();
  }
  if (usage.has_reasoning_tokens()) {
    json.Key("completion_tokens_details").BeginObject();
    json.Field("reasoning_tokens", usage.reasoning_tokens()).EndObject();
  }
  json.EndObject();
}

void WriteCost(JsonWriter& json, const v1::Usage& usage) {
  if (!usage.has_cost_nanos_usd()) return;
  json.Field("cost_usd", static_cast<double>(usage.cost_nanos_usd()) / kNanosPerDollar);
}

void WriteStrings(JsonWriter& json, std::string_view key,
                  const google::protobuf::RepeatedPtrField<std::string>& strings) {
  json.Key(key).BeginArray();
  for (const std::string& string : strings) json.String(string);
  json.EndArray();
}

// What OpenAI's form has no place for.
void WriteExtension(JsonWriter& json, const v1::SynthesizeResponse& answer) {
  json.Key("mom").BeginObject();
  json.Field("request_id", answer.request_id());
  json.Field("strategy", answer.strategy());
  json.Field("strategy_reason", answer.strategy_reason());
  json.Field("contract", answer.contract());
  json.Field("answered_by", answer.answered_by());
  json.Field("degraded", answer.degraded());
  WriteStrings(json, "degraded_reasons", answer.degraded_reasons());
  WriteStrings(json, "notes", answer.notes());
  json.Key("usage");
  WriteUsage(json, answer.usage());
  json.Field("usage_estimated", answer.usage().estimated());
  WriteCost(json, answer.usage());
  json.Key("models").BeginArray();
  for (const v1::ModelUsage& model : answer.model_usages()) {
    json.BeginObject();
    json.Field("model", model.model());
    json.Field("provider", model.provider());
    json.Field("attempts", model.attempts());
    json.Key("usage");
    WriteUsage(json, model.usage());
    WriteCost(json, model.usage());
    json.EndObject();
  }
  json.EndArray().EndObject();
}

std::string JoinText(const v1::Message& message) {
  std::string out;
  for (const v1::ContentPart& part : message.content()) out += part.text();
  return out;
}

std::string JoinRefusal(const v1::Message& message) {
  std::string out;
  for (const v1::ContentPart& part : message.content()) out += part.refusal();
  return out;
}

void WriteFunctionCall(JsonWriter& json, const v1::FunctionCall& call) {
  json.BeginObject();
  json.Field("name", call.name()).Field("arguments", call.arguments_json());
  json.EndObject();
}

void WriteExtraContent(JsonWriter& json, const std::string& extra) {
  if (!extra.empty()) json.Key("extra_content").Raw(extra);
}

void WriteToolCall(JsonWriter& json, const v1::ToolCall& call) {
  if (!call.raw_json().empty()) {
    json.Raw(call.raw_json());
    return;
  }
  json.BeginObject();
  json.Field("id", call.id()).Field("type", "function");
  json.Key("function");
  WriteFunctionCall(json, call.function());
  WriteExtraContent(json, call.extra_content_json());
  json.EndObject();
}

void WriteNullable(JsonWriter& json, std::string_view key, const std::string& text, bool null) {
  json.Key(key);
  if (null) {
    json.Null();
  } else {
    json.String(text);
  }
}

void WriteMessage(JsonWriter& json, const v1::Message& message, CallForm calls) {
  const std::string text = JoinText(message);
  const std::string refusal = JoinRefusal(message);
  const bool has_calls = message.tool_calls_size() > 0;
  json.BeginObject().Field("role", "assistant");
  WriteNullable(json, "content", text, text.empty() && (has_calls || !refusal.empty()));
  WriteNullable(json, "refusal", refusal, refusal.empty());
  if (!message.reasoning_content().empty()) {
    json.Field("reasoning_content", message.reasoning_content());
  }
  if (has_calls && calls == CallForm::kFunction) {
    json.Key("function_call");
    WriteFunctionCall(json, message.tool_calls(0).function());
  } else if (has_calls) {
    json.Key("tool_calls").BeginArray();
    for (const v1::ToolCall& call : message.tool_calls()) WriteToolCall(json, call);
    json.EndArray();
  }
  json.EndObject();
}

const v1::Usage& PickUsage(const v1::SynthesizeResponse& answer, UsageKind kind) {
  return kind == UsageKind::kSum ? answer.usage() : answer.answer_usage();
}

// A whole message as the one delta of a stream.
v1::Delta AsDelta(const v1::Message& message) {
  v1::Delta delta;
  delta.set_text(JoinText(message));
  delta.set_refusal(JoinRefusal(message));
  delta.set_reasoning(message.reasoning_content());
  for (const v1::ToolCall& call : message.tool_calls()) {
    if (!call.has_function()) continue;  // a stream has no form for other kinds
    v1::ToolCallDelta& piece = *delta.add_tool_calls();
    piece.set_index(delta.tool_calls_size() - 1);
    piece.set_id(call.id());
    piece.set_name(call.function().name());
    piece.set_arguments_json(call.function().arguments_json());
    piece.set_extra_content_json(call.extra_content_json());
  }
  return delta;
}

void BeginChunk(JsonWriter& json, const std::string& id, std::int64_t created,
                const std::string& model) {
  json.BeginObject();
  json.Field("id", id).Field("object", "chat.completion.chunk");
  json.Field("created", created).Field("model", model);
  json.Key("choices").BeginArray();
}

void WriteModel(JsonWriter& json, const v1::Model& model) {
  const bool mixture = model.kind() == v1::MODEL_KIND_MIXTURE;
  json.BeginObject();
  json.Field("id", model.name()).Field("object", "model");
  json.Field("created", model.create_time().seconds());
  json.Field("owned_by", mixture || model.provider().empty() ? "mom" : model.provider());
  if (model.context_window() > 0) {
    // OpenAI has no field for it. Clients read one of these: Groq's, OpenRouter's, vLLM's.
    for (const char* name : {"context_window", "context_length", "max_model_len"}) {
      json.Field(name, model.context_window());
    }
  }
  json.Key("mom").BeginObject().Field("kind", mixture ? "mixture" : "model");
  if (mixture) {
    WriteStrings(json, "members", model.members());
    json.Field("critic", model.critic()).Field("strategy", model.strategy());
  } else {
    json.Field("upstream_id", model.upstream_id());
  }
  json.EndObject().EndObject();
}

}  // namespace

StatusOr<std::string> FinishReasonOf(const v1::SynthesizeResponse& answer, CallForm calls) {
  v1::FinishReason reason = answer.finish_reason();
  const bool has_calls = answer.message().tool_calls_size() > 0;
  if (has_calls && (reason == v1::FINISH_REASON_STOP || reason == v1::FINISH_REASON_TOOL_CALLS ||
                    reason == v1::FINISH_REASON_FUNCTION_CALL)) {
    reason = calls == CallForm::kFunction ? v1::FINISH_REASON_FUNCTION_CALL
                                          : v1::FINISH_REASON_TOOL_CALLS;
  }
  switch (reason) {
    case v1::FINISH_REASON_STOP:
      return std::string("stop");
    case v1::FINISH_REASON_LENGTH:
      return std::string("length");
    case v1::FINISH_REASON_TOOL_CALLS:
      return std::string("tool_calls");
    case v1::FINISH_REASON_CONTENT_FILTER:
      return std::string("content_filter");
    case v1::FINISH_REASON_FUNCTION_CALL:
      return std::string("function_call");
    default:
      return MakeError(StatusCode::kInternal, "the answer has no known finish_reason",
                       reason::kInternal);
  }
}

StatusOr<std::string> CompletionJson(const v1::SynthesizeResponse& answer, const AnswerForm& form) {
  StatusOr<std::string> reason = FinishReasonOf(answer, form.calls);
  if (!reason.ok()) return reason.status();
  JsonWriter json;
  json.BeginObject();
  json.Field("id", answer.id()).Field("object", "chat.completion");
  json.Field("created", answer.create_time().seconds());
  json.Field("model", form.model.empty() ? answer.model() : form.model);
  json.Key("choices").BeginArray().BeginObject().Field("index", 0).Key("message");
  WriteMessage(json, answer.message(), form.calls);
  json.Key("logprobs").Null().Field("finish_reason", *reason).EndObject().EndArray();
  json.Key("usage");
  WriteUsage(json, PickUsage(answer, form.usage));
  WriteExtension(json, answer);
  json.EndObject();
  return json.TakeString();
}

ChunkWriter::ChunkWriter(AnswerForm form)
    : form_(std::move(form)), id_("chatcmpl-" + RandomHex()), created_(std::time(nullptr)) {}

void ChunkWriter::Start(const v1::Started& started) {
  if (!started.id().empty()) id_ = started.id();
  if (started.has_create_time()) created_ = started.create_time().seconds();
  if (form_.model.empty()) form_.model = started.model();
}

std::vector<std::string> ChunkWriter::DeltaChunks(const v1::Delta& delta) {
  std::vector<std::string> chunks;
  if (!delta.text().empty() || !delta.reasoning().empty() || !delta.refusal().empty()) {
    chunks.push_back(Chunk(delta));
  }
  for (const v1::ToolCallDelta& call : delta.tool_calls()) {
    auto found = std::find(call_indexes_.begin(), call_indexes_.end(), call.index());
    const bool first = found == call_indexes_.end();
    if (first) found = call_indexes_.insert(call_indexes_.end(), call.index());
    const std::int64_t index = found - call_indexes_.begin();
    if (index > 0 && form_.calls == CallForm::kFunction) continue;
    // Clients add up every piece they get: the id and the name come once, without arguments.
    if (first) chunks.push_back(CallChunk(index, call, true));
    if (!call.arguments_json().empty()) chunks.push_back(CallChunk(index, call, false));
  }
  return chunks;
}

std::string ChunkWriter::Chunk(const v1::Delta& delta) {
  JsonWriter json;
  BeginChunk(json, id_, created_, form_.model);
  json.BeginObject().Field("index", 0).Key("delta").BeginObject();
  if (!role_sent_) json.Field("role", "assistant");
  role_sent_ = true;
  const bool other = !delta.reasoning().empty() || !delta.refusal().empty();
  if (!delta.reasoning().empty()) json.Field("reasoning_content", delta.reasoning());
  if (!delta.refusal().empty()) json.Field("refusal", delta.refusal());
  if (!delta.text().empty() || !other) json.Field("content", delta.text());
  json.EndObject().Key("finish_reason").Null().EndObject().EndArray().EndObject();
  return json.TakeString();
}

std::string ChunkWriter::CallChunk(std::int64_t index, const v1::ToolCallDelta& call, bool first) {
  JsonWriter json;
  BeginChunk(json, id_, created_, form_.model);
  json.BeginObject().Field("index", 0).Key("delta").BeginObject();
  if (!role_sent_) json.Field("role", "assistant").Key("content").Null();
  role_sent_ = true;
  const bool as_tool = form_.calls == CallForm::kTools;
  if (as_tool) {
    json.Key("tool_calls").BeginArray().BeginObject().Field("index", index);
    if (first) json.Field("id", call.id()).Field("type", "function");
  }
  json.Key(as_tool ? "function" : "function_call").BeginObject();
  if (first) json.Field("name", call.name());
  json.Field("arguments", first ? std::string() : call.arguments_json()).EndObject();
  if (as_tool && first) WriteExtraContent(json, call.extra_content_json());
  if (as_tool) json.EndObject().EndArray();
  json.EndObject().Key("finish_reason").Null().EndObject().EndArray().EndObject();
  return json.TakeString();
}

StatusOr<std::vector<std::string>> ChunkWriter::FinishChunks(const v1::SynthesizeResponse& answer) {
  const StatusOr<std::string> reason = FinishReasonOf(answer, form_.calls);
  if (!reason.ok()) return reason.status();
  std::vector<std::string> chunks;
  if (!role_sent_) {
    chunks = DeltaChunks(AsDelta(answer.message()));
    // Even an empty answer starts with its role.
    if (chunks.empty()) chunks.push_back(Chunk(v1::Delta()));
  }
  chunks.push_back(FinishChunk(*reason, answer));
  if (form_.include_usage) chunks.push_back(UsageChunk(PickUsage(answer, form_.usage)));
  return chunks;
}

std::string ChunkWriter::FinishChunk(const std::string& reason,
                                     const v1::SynthesizeResponse& answer) {
  JsonWriter json;
  BeginChunk(json, id_, created_, form_.model);
  json.BeginObject().Field("index", 0).Key("delta").BeginObject().EndObject();
  json.Field("finish_reason", reason).EndObject().EndArray();
  WriteExtension(json, answer);
  json.EndObject();
  return json.TakeString();
}

std::string ChunkWriter::UsageChunk(const v1::Usage& usage) {
  JsonWriter json;
  BeginChunk(json, id_, created_, form_.model);
  json.EndArray().Key("usage");
  WriteUsage(json, usage);
  json.EndObject();
  return json.TakeString();
}

std::string ModelListJson(const v1::ListModelsResponse& models) {
  JsonWriter json;
  json.BeginObject().Field("object", "list").Key("data").BeginArray();
  for (const v1::Model& model : models.models()) WriteModel(json, model);
  json.EndArray().EndObject();
  return json.TakeString();
}

std::string ModelJson(const v1::Model& model) {
  JsonWriter json;
  WriteModel(json, model);
  return json.TakeString();
}

}  // namespace mom::rest
