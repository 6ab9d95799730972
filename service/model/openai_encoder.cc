#include "service/model/openai_encoder.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <utility>
#include <variant>

#include "service/base/json_reader.h"
#include "service/base/json_writer.h"

namespace mom {
namespace {

void EncodePart(const TextPart& part, JsonWriter& json) {
  if (!part.raw_json.empty()) {
    json.Raw(part.raw_json);
    return;
  }
  json.BeginObject().Field("type", "text").Field("text", part.text).EndObject();
}

void EncodePart(const ImagePart& part, JsonWriter& json) {
  if (!part.raw_json.empty()) {
    json.Raw(part.raw_json);
    return;
  }
  json.BeginObject().Field("type", "image_url").Key("image_url").BeginObject();
  json.Field("url", part.url);
  if (part.detail) json.Field("detail", *part.detail);
  json.EndObject().EndObject();
}

void EncodePart(const AudioPart& part, JsonWriter& json) {
  json.BeginObject().Field("type", "input_audio").Key("input_audio").BeginObject();
  json.Field("data", part.data).Field("format", part.format);
  json.EndObject().EndObject();
}

void EncodePart(const FilePart& part, JsonWriter& json) {
  json.BeginObject().Field("type", "file").Key("file").BeginObject();
  if (!part.file_id.empty()) json.Field("file_id", part.file_id);
  if (!part.file_data.empty()) json.Field("file_data", part.file_data);
  if (!part.filename.empty()) json.Field("filename", part.filename);
  json.EndObject().EndObject();
}

void EncodePart(const RefusalPart& part, JsonWriter& json) {
  json.BeginObject().Field("type", "refusal").Field("refusal", part.refusal).EndObject();
}

void EncodePart(const RawPart& part, JsonWriter& json) { json.Raw(part.json); }

void EncodeContent(const Message& message, JsonWriter& json) {
  json.Key("content");
  if (message.content.empty()) {
    message.tool_calls.empty() ? json.String("") : json.Null();
    return;
  }
  const auto* text = std::get_if<TextPart>(&message.content.front());
  if (text && message.content.size() == 1 && text->raw_json.empty()) {
    json.String(text->text);
    return;
  }
  json.BeginArray();
  for (const ContentPart& part : message.content) {
    std::visit([&](const auto& p) { EncodePart(p, json); }, part);
  }
  json.EndArray();
}

void EncodeToolCall(const ToolCall& call, JsonWriter& json) {
  if (!call.raw_json.empty()) {
    constexpr char kExtra[] = "extra_content";
    const bool is_as_it_came = JsonMember(call.raw_json, {kExtra}) == call.extra_content_json;
    json.Raw(is_as_it_came ? call.raw_json
                           : WithJsonMember(call.raw_json, kExtra, call.extra_content_json));
    return;
  }
  json.BeginObject().Field("id", call.id).Field("type", "function").Key("function").BeginObject();
  json.Field("name", call.name).Field("arguments", call.arguments_json);
  json.EndObject();
  if (!call.extra_content_json.empty()) json.Key("extra_content").Raw(call.extra_content_json);
  json.EndObject();
}

// Puts the members of the JSON object `extra` behind those of `object`, byte for byte.
void Splice(std::string_view extra, std::string& object) {
  const std::size_t first = extra.find_first_not_of(" \t\r\n", extra.find('{') + 1);
  const std::size_t last = extra.rfind('}');
  if (extra.empty() || first >= last) return;
  object.back() = ',';
  object.append(extra.substr(first, last - first)).push_back('}');
}

std::string EncodeMessage(const Message& message) {
  JsonWriter json;
  json.BeginObject().Field("role", NameOf(message.role));
  EncodeContent(message, json);
  if (message.name) json.Field("name", *message.name);
  if (!message.tool_calls.empty()) {
    json.Key("tool_calls").BeginArray();
    for (const ToolCall& call : message.tool_calls) EncodeToolCall(call, json);
    json.EndArray();
  }
  if (message.tool_call_id) json.Field("tool_call_id", *message.tool_call_id);
  if (message.reasoning_content) json.Field("reasoning_content", *message.reasoning_content);
  std::string object = json.EndObject().TakeString();
  Splice(message.extra_json, object);
  return object;
}

// Nine letters or digits: the same for the same id, and hardly ever for another.
std::string ShortId(const std::string& id) {
  constexpr std::string_view kDigits =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  constexpr std::size_t kLength = 9;
  if (id.size() == kLength && id.find_first_not_of(kDigits) == std::string::npos) return id;
  std::uint64_t hash = 14695981039346656037U;  // FNV-1a
  for (const char c : id) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211U;
  std::string out;
  for (; out.size() < kLength; hash /= kDigits.size()) out += kDigits[hash % kDigits.size()];
  return out;
}

Message WithShortIds(Message message) {
  for (ToolCall& call : message.tool_calls) {
    call.id = ShortId(call.id);
    if (!call.raw_json.empty()) {
      call.raw_json = WithJsonMember(call.raw_json, "id", "\"" + call.id + "\"");
    }
  }
  if (message.tool_call_id) message.tool_call_id = ShortId(*message.tool_call_id);
  return message;
}

bool IsInstruction(const Message& message) {
  return message.role == Role::kSystem || message.role == Role::kDeveloper;
}

void EncodeTool(const Tool& tool, JsonWriter& json) {
  if (!tool.raw_json.empty()) {
    json.Raw(tool.raw_json);
    return;
  }
  json.BeginObject().Field("type", "function").Key("function").BeginObject();
  json.Field("name", tool.name);
  if (tool.description) json.Field("description", *tool.description);
  if (!tool.parameters_json.empty()) json.Key("parameters").Raw(tool.parameters_json);
  if (tool.strict) json.Field("strict", *tool.strict);
  json.EndObject().EndObject();
}

// The body, in the order in which it is written. Each key is written at most once.
class BodyEncoder {
 public:
  BodyEncoder(const ProviderConfig& provider, const ModelConfig& model, const ChatRequest& request)
      : provider_(provider), model_(model), request_(request) {}

  std::string Encode() {
    json_.BeginObject().Field("model", model_.id);
    EncodeMessages();
    EncodeTools();
    EncodeParams();
    for (const auto& [key, value] : request_.extra_body) Extra(key, value);
    for (const auto& [key, value] : model_.extra_body) Extra(key, value);
    json_.Field("stream", true).Key("stream_options").BeginObject();
    return json_.Field("include_usage", true).EndObject().EndObject().TakeString();
  }

 private:
  void EncodeMessages() {
    json_.Key("messages").BeginArray();
    const auto& messages = request_.messages;
    if (!model_.system.empty() && std::none_of(messages.begin(), messages.end(), IsInstruction)) {
      Message system;
      system.role = Role::kSystem;
      system.content.push_back(TextPart{model_.system});
      json_.Raw(EncodeMessage(system));
    }
    const bool shortens = provider_.tool_call_ids == "short";
    for (const Message& message : messages) {
      json_.Raw(EncodeMessage(shortens ? WithShortIds(message) : message));
    }
    json_.EndArray();
  }

  void EncodeTools() {
    if (!request_.tools.empty()) {
      json_.Key("tools").BeginArray();
      for (const Tool& tool : request_.tools) EncodeTool(tool, json_);
      json_.EndArray();
    }
    if (request_.tool_choice && Claim("tool_choice")) EncodeToolChoice(*request_.tool_choice);
    if (request_.response_format && Claim("response_format")) {
      EncodeResponseFormat(*request_.response_format);
    }
  }

  void EncodeToolChoice(const ToolChoice& choice) {
    json_.Key("tool_choice");
    switch (choice.mode) {
      case ToolChoice::Mode::kNone:
        json_.String("none");
        return;
      case ToolChoice::Mode::kAuto:
        json_.String("auto");
        return;
      case ToolChoice::Mode::kRequired:
        json_.String("required");
        return;
      case ToolChoice::Mode::kFunction:
        json_.BeginObject().Field("type", "function").Key("function").BeginObject();
        json_.Field("name", choice.value).EndObject().EndObject();
        return;
      case ToolChoice::Mode::kRaw:
        json_.Raw(choice.value);
        return;
    }
  }

  void EncodeResponseFormat(const ResponseFormat& format) {
    json_.Key("response_format");
    switch (format.kind) {
      case ResponseFormat::Kind::kText:
        json_.BeginObject().Field("type", "text").EndObject();
        return;
      case ResponseFormat::Kind::kJsonObject:
        json_.BeginObject().Field("type", "json_object").EndObject();
        return;
      case ResponseFormat::Kind::kJsonSchema:
        json_.BeginObject().Field("type", "json_schema").Key("json_schema").BeginObject();
        json_.Field("name", format.name);
        if (format.description) json_.Field("description", *format.description);
        json_.Key("schema").Raw(format.schema_json);
        if (format.strict) json_.Field("strict", *format.strict);
        json_.EndObject().EndObject();
        return;
      case ResponseFormat::Kind::kRaw:
        json_.Raw(format.schema_json);
        return;
    }
  }

  void EncodeParams() {
    const SamplingParams& params = request_.params;
    Param("temperature", params.temperature, model_.temperature);
    Param("top_p", params.top_p, model_.top_p);
    Param("top_k", params.top_k);
    Param("min_p", params.min_p);
    Param(provider_.max_tokens_field, model_.MaxTokens(params.max_output_tokens));
    Param("seed", params.seed);
    Param("frequency_penalty", params.frequency_penalty);
    Param("presence_penalty", params.presence_penalty);
    if (!params.stop.empty() && Claim("stop")) {
      json_.Key("stop").BeginArray();
      for (const std::string& text : params.stop) json_.String(text);
      json_.EndArray();
    }
    Param("reasoning_effort", params.reasoning_effort);
    Param("parallel_tool_calls", params.parallel_tool_calls);
    Param("user", params.user);
  }

  template <typename T>
  void Param(std::string_view key, const std::optional<T>& value,
             const std::optional<T>& fallback = std::nullopt) {
    const std::optional<T>& held = value ? value : fallback;
    if (held && Claim(key)) json_.Field(key, *held);
  }

  // Whether a key that is not of extra_body may be written: not if extra_body has it.
  bool Claim(std::string_view key) {
    const auto& extra = request_.extra_body;
    const bool overridden =
        std::any_of(extra.begin(), extra.end(), [&](const auto& e) { return e.first == key; });
    return !overridden && written_.insert(key).second;
  }

  void Extra(std::string_view key, std::string_view value) {
    if (written_.insert(key).second) json_.Key(key).Raw(value);
  }

  const ProviderConfig& provider_;
  const ModelConfig& model_;
  const ChatRequest& request_;
  JsonWriter json_;
  std::set<std::string_view> written_ = {"model",  "messages",       "tools",
                                         "stream", "stream_options", "n"};
};

}  // namespace

std::string EncodeOpenAiBody(const ProviderConfig& provider, const ModelConfig& model,
                             const ChatRequest& request) {
  return BodyEncoder(provider, model, request).Encode();
}

}  // namespace mom
