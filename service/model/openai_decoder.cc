#include "service/model/openai_decoder.h"

#include <algorithm>
#include <array>
#include <utility>

#include "service/base/ascii.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

using Json = ProviderJson::Object;
using Element = ProviderJson::Element;

Status Protocol(std::string_view what) {
  return MakeError(StatusCode::kUnavailable, what, reason::kUpstreamProtocol);
}

Status Incomplete(std::string_view what) {
  return MakeError(StatusCode::kUnavailable, what, reason::kUpstreamIncomplete);
}

// "stop" and all that is not listed: kStop. Servers pass on the names of the engines behind them.
constexpr std::array<std::pair<std::string_view, FinishReason>, 22> kFinishReasons{{
    {"length", FinishReason::kLength},
    {"max_tokens", FinishReason::kLength},
    {"max_output_tokens", FinishReason::kLength},
    {"max_length", FinishReason::kLength},
    {"model_length", FinishReason::kLength},
    {"model_context_window_exceeded", FinishReason::kLength},
    {"tool_calls", FinishReason::kToolCalls},
    {"tool_call", FinishReason::kToolCalls},
    {"tool_use", FinishReason::kToolCalls},
    {"function_call", FinishReason::kFunctionCall},
    {"content_filter", FinishReason::kContentFilter},
    {"content_filtered", FinishReason::kContentFilter},
    {"refusal", FinishReason::kContentFilter},
    {"safety", FinishReason::kContentFilter},
    {"image_safety", FinishReason::kContentFilter},
    {"recitation", FinishReason::kContentFilter},
    {"blocklist", FinishReason::kContentFilter},
    {"prohibited_content", FinishReason::kContentFilter},
    {"spii", FinishReason::kContentFilter},
    {"sensitive", FinishReason::kContentFilter},
    {"guardrail_intervened", FinishReason::kContentFilter},
    {"error_toxic", FinishReason::kContentFilter},
}};

// Finish reasons with which a server says that it failed.
constexpr std::array<std::string_view, 7> kFailedEnds = {"error",
                                                         "network_error",
                                                         "abort",
                                                         "aborted",
                                                         "cancelled",
                                                         "insufficient_system_resource",
                                                         "malformed_function_call"};

// A text, or the texts in an array of parts.
std::string TextOf(Element content) {
  std::string_view text;
  if (content.get(text) == simdjson::SUCCESS) return std::string(text);
  simdjson::dom::array parts;
  std::string out;
  if (content.get(parts) != simdjson::SUCCESS) return out;
  for (Element part : parts) {
    Json object;
    if (part.get(object) == simdjson::SUCCESS) out += FindString(object, "text");
  }
  return out;
}

// Arguments are a string that holds JSON; some servers write the JSON itself.
std::string ArgumentsOf(Json function) {
  const auto arguments = Find(function, "arguments");
  if (!arguments || arguments->is_null()) return {};
  std::string_view text;
  if (arguments->get(text) == simdjson::SUCCESS) return std::string(text);
  return simdjson::minify(*arguments);
}

ToolCallAssembler::Piece PieceOf(Json function) {
  ToolCallAssembler::Piece piece;
  piece.name = FindString(function, "name");
  piece.arguments_json = ArgumentsOf(function);
  return piece;
}

// A count of tokens; nullopt for what can be none.
std::optional<std::int64_t> Count(std::optional<Json> usage, std::string_view key) {
  constexpr std::int64_t kMost = 1'000'000'000;
  const auto count = usage ? FindInt(*usage, key) : std::nullopt;
  return count && *count >= 0 && *count <= kMost ? count : std::nullopt;
}

std::optional<Usage> UsageOf(Json chunk) {
  const auto json = FindObject(chunk, "usage");
  const auto prompt = Count(json, "prompt_tokens");
  const auto completion = Count(json, "completion_tokens");
  if (!prompt && !completion) return std::nullopt;
  Usage usage;
  usage.prompt_tokens = prompt.value_or(0);
  usage.completion_tokens = completion.value_or(0);
  usage.cached_tokens = Count(FindObject(*json, "prompt_tokens_details"), "cached_tokens");
  if (!usage.cached_tokens) usage.cached_tokens = Count(json, "prompt_cache_hit_tokens");
  usage.reasoning_tokens =
      Count(FindObject(*json, "completion_tokens_details"), "reasoning_tokens");
  return usage;
}

ProviderError ErrorOf(Json error) {
  ProviderError out;
  out.code = FindString(error, "code");
  if (const auto number = FindInt(error, "code")) out.code = std::to_string(*number);
  out.type = FindString(error, "type");
  out.message = FindString(error, "message");
  out.param = FindString(error, "param");
  return out;
}

// The error that a chunk or a body reports; nullopt where it is none.
std::optional<ProviderError> FindError(Json body) {
  const auto error = Find(body, "error");
  if (!error) {
    const bool is_error = FindString(body, "object") == "error";
    return is_error ? std::optional<ProviderError>(ErrorOf(body)) : std::nullopt;
  }
  Json object;
  if (error->get(object) == simdjson::SUCCESS) return ErrorOf(object);
  ProviderError out;
  out.message = FindString(body, "error");
  return out;
}

}  // namespace

StatusOr<std::optional<ChatDelta>> OpenAiDecoder::Decode(const SseEvent& event) {
  if (event.data == "[DONE]") {
    if (!finished_) return Incomplete("the answer ended without a finish_reason");
    done_ = true;
    return std::optional<ChatDelta>();
  }
  const bool is_message = event.event.empty() || event.event == "message";
  const auto chunk = json_.Parse(event.data);
  if (event.event == "error") {
    const auto error = chunk ? FindError(*chunk) : ProviderError();
    return MapProviderError(error ? *error : ErrorOf(*chunk));
  }
  if (!chunk && is_message) return Protocol("an event of the answer is no JSON object");
  // An event of another name is none of the dialect: pings and the like.
  if (!chunk) return std::optional<ChatDelta>();
  return DecodeChunk(*chunk);
}

StatusOr<std::optional<ChatDelta>> OpenAiDecoder::DecodeChunk(Json chunk) {
  if (const auto error = FindError(chunk)) return MapProviderError(*error);
  if (id_.empty()) id_ = FindString(chunk, "id");
  if (model_.empty()) model_ = FindString(chunk, "model");

  ChatDelta delta;
  if (const auto choices = FindArray(chunk, "choices")) {
    for (Element element : *choices) {
      Json choice;
      if (element.get(choice) != simdjson::SUCCESS) continue;
      // One answer was asked for.
      if (FindInt(choice, "index").value_or(0) != 0) continue;
      if (Status status = DecodeChoice(choice, delta); !status.ok()) return status;
    }
  }
  delta.usage = UsageOf(chunk);
  if (!delta.IsPayload() && !delta.finish_reason && !delta.usage) {
    return std::optional<ChatDelta>();
  }
  if (!ids_given_) {
    ids_given_ = !id_.empty();
    delta.upstream_id = id_;
    delta.upstream_model = model_;
  }
  return std::optional<ChatDelta>(std::move(delta));
}

Status OpenAiDecoder::DecodeChoice(Json choice, ChatDelta& delta) {
  auto content = FindObject(choice, "delta");
  has_deltas_ = has_deltas_ || content;
  // Some servers repeat the whole answer as a `message` beside or behind the deltas.
  if (!content && !has_deltas_) content = FindObject(choice, "message");
  if (content) {
    if (Status status = DecodeContent(*content, delta); !status.ok()) return status;
  }
  return DecodeFinish(FindString(choice, "finish_reason"), delta);
}

Status OpenAiDecoder::DecodeContent(Json content, ChatDelta& delta) {
  if (const auto text = Find(content, "content")) {
    thoughts_.Add(TextOf(*text), delta.text, delta.reasoning);
  }
  std::string reasoning = FindString(content, "reasoning_content");
  if (reasoning.empty()) reasoning = FindString(content, "reasoning");
  delta.reasoning += reasoning;
  delta.refusal += FindString(content, "refusal");
  return DecodeToolCalls(content, delta);
}

Status OpenAiDecoder::DecodeToolCalls(Json content, ChatDelta& delta) {
  if (const auto function = FindObject(content, "function_call")) {
    is_function_call_ = true;
    ToolCallAssembler::Piece piece = PieceOf(*function);
    piece.needs_id = false;
    return AddToolCall(std::move(piece), delta);
  }
  const auto calls = FindArray(content, "tool_calls");
  if (!calls) return Status();
  int position = 0;
  for (Element element : *calls) {
    Json call;
    if (element.get(call) != simdjson::SUCCESS) return Protocol("a tool call is no JSON object");
    const auto function = FindObject(call, "function");
    ToolCallAssembler::Piece piece = function ? PieceOf(*function) : ToolCallAssembler::Piece();
    piece.id = FindString(call, "id");
    if (const auto extra = FindObject(call, "extra_content")) {
      piece.extra_content_json = simdjson::minify(*extra);
    }
    piece.index = FindInt(call, "index");
    piece.position = position++;
    piece.neighbours = static_cast<int>(calls->size());
    if (Status status = AddToolCall(std::move(piece), delta); !status.ok()) return status;
  }
  return Status();
}

Status OpenAiDecoder::AddToolCall(ToolCallAssembler::Piece piece, ChatDelta& delta) {
  StatusOr<std::optional<ToolCallDelta>> added = tool_calls_.Add(std::move(piece), id_);
  if (!added.ok()) return added.status();
  if (added->has_value()) delta.tool_calls.push_back(std::move(**added));
  return Status();
}

Status OpenAiDecoder::DecodeFinish(std::string_view name, ChatDelta& delta) {
  if (name.empty()) return Status();
  const std::string lower = LowerCase(name);
  if (std::find(kFailedEnds.begin(), kFailedEnds.end(), lower) != kFailedEnds.end()) {
    return MapProviderError(ProviderError());
  }
  const auto* known = std::find_if(kFinishReasons.begin(), kFinishReasons.end(),
                                   [&](const auto& row) { return row.first == lower; });
  FinishReason reason = known == kFinishReasons.end() ? FinishReason::kStop : known->second;
  // Servers disagree on how an answer with tool calls ends; agents go by the finish_reason.
  if (reason == FinishReason::kStop && !tool_calls_.empty()) reason = FinishReason::kToolCalls;
  if (reason == FinishReason::kToolCalls && tool_calls_.empty()) reason = FinishReason::kStop;
  if (reason == FinishReason::kToolCalls && is_function_call_) reason = FinishReason::kFunctionCall;
  thoughts_.End(delta.text, delta.reasoning);
  if (reason != FinishReason::kLength) tool_calls_.FillEmpty(delta.tool_calls);
  delta.finish_reason = reason;
  finished_ = true;
  return Status();
}

StatusOr<ChatDelta> OpenAiDecoder::DecodeWhole(std::string_view body) {
  const auto json = json_.Parse(body);
  if (!json) return Protocol("the answer is no JSON object");
  StatusOr<std::optional<ChatDelta>> delta = DecodeChunk(*json);
  if (!delta.ok()) return delta.status();
  if (!finished_) return Incomplete("the answer has no finish_reason");
  return std::move(**delta);
}

ProviderError ReadOpenAiError(std::string_view body) {
  ProviderJson json;
  const auto object = json.Parse(body);
  if (!object) return ProviderError();
  return FindError(*object).value_or(ProviderError());
}

}  // namespace mom
