#include <algorithm>
#include <chrono>
#include <utility>

#include "service/contract/tool_choice.h"
#include "service/rpc/convert.h"
#include "service/rpc/extra_body.h"
#include "service/rpc/field_check.h"

namespace mom {
namespace {

constexpr std::size_t kMaxToolName = 64;
constexpr std::size_t kMaxStops = 4;

std::string At(const std::string& path, int index) {
  return path + "[" + std::to_string(index) + "]";
}

template <typename T>
std::optional<T> Optional(bool has, T value) {
  return has ? std::optional<T>(std::move(value)) : std::nullopt;
}

Role ToRole(v1::Role role, const std::string& path, FieldCheck& check) {
  switch (role) {
    case v1::ROLE_SYSTEM:
      return Role::kSystem;
    case v1::ROLE_DEVELOPER:
      return Role::kDeveloper;
    case v1::ROLE_USER:
      return Role::kUser;
    case v1::ROLE_ASSISTANT:
      return Role::kAssistant;
    case v1::ROLE_TOOL:
      return Role::kTool;
    case v1::ROLE_FUNCTION:
      return Role::kFunction;
    case v1::ROLE_UNSPECIFIED:
      check.Fail(path, "must be set");
      break;
    default:
      check.Fail(path, "must be a known role, not " + std::to_string(role));
  }
  return Role::kUser;
}

// A part with further keys than ours is still what it says that it is.
ContentPart ToRawPart(std::string json) {
  const auto text_of = [](std::string_view value) {
    const std::vector<std::string> texts = ReadJsonStrings(value);
    return value.starts_with('"') && !texts.empty() ? Optional(true, texts[0]) : std::nullopt;
  };
  const std::string_view type = JsonMember(json, {"type"});
  if (type == "\"text\"") {
    if (auto text = text_of(JsonMember(json, {"text"}))) return TextPart{*std::move(text), json};
  }
  if (type == "\"image_url\"") {
    auto url = text_of(JsonMember(json, {"image_url", "url"}));
    if (url) return ImagePart{*std::move(url), std::nullopt, json};
  }
  return RawPart{std::move(json)};
}

ContentPart ToPart(const v1::ContentPart& part, const std::string& path, FieldCheck& check) {
  switch (part.part_case()) {
    case v1::ContentPart::kText:
      return TextPart{part.text()};
    case v1::ContentPart::kImage:
      check.Require(!part.image().url().empty(), path + ".image.url", "must be set");
      return ImagePart{part.image().url(),
                       Optional(part.image().has_detail(), part.image().detail())};
    case v1::ContentPart::kAudio:
      check.Require(!part.audio().data().empty(), path + ".audio.data", "must be set");
      return AudioPart{part.audio().data(), part.audio().format()};
    case v1::ContentPart::kFile:
      check.Require(!part.file().file_id().empty() || !part.file().file_data().empty(),
                    path + ".file", "must have `file_id` or `file_data`");
      return FilePart{part.file().file_id(), part.file().file_data(), part.file().filename()};
    case v1::ContentPart::kRefusal:
      return RefusalPart{part.refusal()};
    case v1::ContentPart::kRawJson:
      return ToRawPart(check.JsonObject(part.raw_json(), path + ".raw_json"));
    case v1::ContentPart::PART_NOT_SET:
      check.Fail(path, "must have one of `text`, `image`, `audio`, `file`, `refusal`, `raw_json`");
  }
  return TextPart();
}

ToolCall ToToolCall(const v1::ToolCall& call, const std::string& path, FieldCheck& check) {
  ToolCall out;
  out.id = call.id();
  switch (call.call_case()) {
    case v1::ToolCall::kFunction:
      check.Require(!call.function().name().empty(), path + ".function.name", "must be set");
      out.name = call.function().name();
      out.arguments_json = call.function().arguments_json();
      break;
    case v1::ToolCall::kRawJson:
      out.raw_json = check.JsonObject(call.raw_json(), path + ".raw_json");
      out.extra_content_json = JsonMember(out.raw_json, {"extra_content"});
      break;
    case v1::ToolCall::CALL_NOT_SET:
      check.Fail(path, "must have one of `function`, `raw_json`");
  }
  if (!call.extra_content_json().empty()) {
    out.extra_content_json =
        check.JsonObject(call.extra_content_json(), path + ".extra_content_json");
  }
  return out;
}

// Further keys must not say again what a field says.
void CheckExtraJson(const std::string& json, const std::string& path, FieldCheck& check) {
  if (json.empty()) return;
  const auto members = ReadJsonObject(json);
  if (!members) return check.FailJsonObject(path);
  for (const auto& [name, value] : *members) {
    check.Require(name != "role" && name != "content" && name != "tool_calls", path,
                  "must not contain `" + name + "`; use the message's own field");
  }
}

Message ToMessage(const v1::Message& message, const std::string& path, FieldCheck& check) {
  Message out;
  out.role = ToRole(message.role(), path + ".role", check);
  for (int i = 0; i < message.content_size(); ++i) {
    out.content.push_back(ToPart(message.content(i), At(path + ".content", i), check));
  }
  for (int i = 0; i < message.tool_calls_size(); ++i) {
    out.tool_calls.push_back(ToToolCall(message.tool_calls(i), At(path + ".tool_calls", i), check));
  }
  check.Require(message.role() != v1::ROLE_TOOL || !message.tool_call_id().empty(),
                path + ".tool_call_id", "must be set on a message of the role `tool`");
  check.Require(message.role() != v1::ROLE_FUNCTION || !message.name().empty(), path + ".name",
                "must be set on a message of the role `function`");
  CheckExtraJson(message.extra_json(), path + ".extra_json", check);
  out.name = Optional(message.has_name(), message.name());
  out.tool_call_id = Optional(message.has_tool_call_id(), message.tool_call_id());
  out.reasoning_content = Optional(message.has_reasoning_content(), message.reasoning_content());
  out.extra_json = message.extra_json();
  return out;
}

void CheckToolName(const std::string& name, const std::string& path, FieldCheck& check) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  };
  check.Require(!name.empty() && name.size() <= kMaxToolName &&
                    std::all_of(name.begin(), name.end(), allowed),
                path, "must be 1 to 64 of a-z, A-Z, 0-9, _ and -");
}

// A function's tool may have keys of a provider's own; calls of it are calls of a declared tool.
std::string FunctionNameIn(std::string_view tool_json) {
  const std::string_view name = JsonMember(tool_json, {"function", "name"});
  if (name.size() < 2 || name.front() != '"') return {};
  return std::string(name.substr(1, name.size() - 2));
}

Tool ToTool(const v1::Tool& tool, const std::string& path, FieldCheck& check) {
  Tool out;
  switch (tool.tool_case()) {
    case v1::Tool::kFunction: {
      const v1::Tool::Function& function = tool.function();
      CheckToolName(function.name(), path + ".function.name", check);
      out.name = function.name();
      out.description = Optional(function.has_description(), function.description());
      if (!function.parameters_json().empty()) {
        out.parameters_json =
            check.JsonObject(function.parameters_json(), path + ".function.parameters_json");
      }
      out.strict = Optional(function.has_strict(), function.strict());
      break;
    }
    case v1::Tool::kRawJson:
      out.raw_json = check.JsonObject(tool.raw_json(), path + ".raw_json");
      out.name = FunctionNameIn(out.raw_json);
      out.parameters_json = JsonMember(out.raw_json, {"function", "parameters"});
      if (!IsJsonObject(out.parameters_json)) out.parameters_json.clear();
      break;
    case v1::Tool::TOOL_NOT_SET:
      check.Fail(path, "must have one of `function`, `raw_json`");
  }
  return out;
}

// nullopt: the provider's default.
std::optional<ToolChoice> ToMode(v1::ToolChoice::Mode mode, const std::string& path,
                                 FieldCheck& check) {
  ToolChoice out;
  switch (mode) {
    case v1::ToolChoice::MODE_UNSPECIFIED:
      return std::nullopt;
    case v1::ToolChoice::MODE_NONE:
      out.mode = ToolChoice::Mode::kNone;
      break;
    case v1::ToolChoice::MODE_AUTO:
      out.mode = ToolChoice::Mode::kAuto;
      break;
    case v1::ToolChoice::MODE_REQUIRED:
      out.mode = ToolChoice::Mode::kRequired;
      break;
    default:
      check.Fail(path, "must be a known mode, not " + std::to_string(mode));
  }
  return out;
}

std::optional<ToolChoice> ToToolChoice(const v1::ToolChoice& choice, const std::string& path,
                                       FieldCheck& check) {
  ToolChoice out;
  switch (choice.choice_case()) {
    case v1::ToolChoice::kMode:
      return ToMode(choice.mode(), path + ".mode", check);
    case v1::ToolChoice::kFunctionName:
      CheckToolName(choice.function_name(), path + ".function_name", check);
      out.mode = ToolChoice::Mode::kFunction;
      out.value = choice.function_name();
      break;
    case v1::ToolChoice::kRawJson:
      out.mode = ToolChoice::Mode::kRaw;
      out.value = check.JsonObject(choice.raw_json(), path + ".raw_json");
      break;
    case v1::ToolChoice::CHOICE_NOT_SET:
      check.Fail(path, "must have one of `mode`, `function_name`, `raw_json`");
  }
  return out;
}

ResponseFormat ToResponseFormat(const v1::ResponseFormat& format, const std::string& path,
                                FieldCheck& check) {
  ResponseFormat out;
  switch (format.format_case()) {
    case v1::ResponseFormat::kText:
      out.kind = ResponseFormat::Kind::kText;
      break;
    case v1::ResponseFormat::kJsonObject:
      out.kind = ResponseFormat::Kind::kJsonObject;
      break;
    case v1::ResponseFormat::kJsonSchema: {
      const v1::ResponseFormat::JsonSchema& schema = format.json_schema();
      out.kind = ResponseFormat::Kind::kJsonSchema;
      out.name = schema.name();
      out.schema_json = check.JsonObject(schema.schema_json(), path + ".json_schema.schema_json");
      out.strict = Optional(schema.has_strict(), schema.strict());
      out.description = Optional(schema.has_description(), schema.description());
      break;
    }
    case v1::ResponseFormat::kRawJson:
      out.kind = ResponseFormat::Kind::kRaw;
      out.schema_json = check.JsonObject(format.raw_json(), path + ".raw_json");
      break;
    case v1::ResponseFormat::FORMAT_NOT_SET:
      check.Fail(path, "must have one of `text`, `json_object`, `json_schema`, `raw_json`");
  }
  return out;
}

// NaN is in no range.
void CheckRange(const std::optional<double>& value, int min, int max, const std::string& path,
                FieldCheck& check) {
  check.Require(!value || (*value >= min && *value <= max), path,
                "must be " + std::to_string(min) + " to " + std::to_string(max));
}

void CheckParams(const SamplingParams& params, const std::string& path, FieldCheck& check) {
  CheckRange(params.temperature, 0, 2, path + ".temperature", check);
  CheckRange(params.top_p, 0, 1, path + ".top_p", check);
  CheckRange(params.min_p, 0, 1, path + ".min_p", check);
  CheckRange(params.frequency_penalty, -2, 2, path + ".frequency_penalty", check);
  CheckRange(params.presence_penalty, -2, 2, path + ".presence_penalty", check);
  check.Require(params.top_k.value_or(1) >= 1, path + ".top_k", "must be at least 1");
  check.Require(params.max_output_tokens.value_or(1) >= 1, path + ".max_output_tokens",
                "must be at least 1");
  check.Require(params.stop.size() <= kMaxStops, path + ".stop", "must be at most 4 texts");
}

SamplingParams ToParams(const v1::SamplingParams& params) {
  SamplingParams out;
  out.temperature = Optional(params.has_temperature(), params.temperature());
  out.top_p = Optional(params.has_top_p(), params.top_p());
  out.top_k = Optional<std::int32_t>(params.has_top_k(), params.top_k());
  out.min_p = Optional(params.has_min_p(), params.min_p());
  out.max_output_tokens =
      Optional<std::int64_t>(params.has_max_output_tokens(), params.max_output_tokens());
  out.seed = Optional<std::int64_t>(params.has_seed(), params.seed());
  out.frequency_penalty = Optional(params.has_frequency_penalty(), params.frequency_penalty());
  out.presence_penalty = Optional(params.has_presence_penalty(), params.presence_penalty());
  out.stop.assign(params.stop().begin(), params.stop().end());
  out.reasoning_effort = Optional(params.has_reasoning_effort(), params.reasoning_effort());
  out.parallel_tool_calls =
      Optional(params.has_parallel_tool_calls(), params.parallel_tool_calls());
  out.user = Optional(params.has_user(), params.user());
  return out;
}

std::chrono::nanoseconds ToTimeout(const google::protobuf::Duration& timeout, FieldCheck& check) {
  // Nanoseconds overflow above 292 years, which are as good as for ever.
  constexpr std::int64_t kMaxSeconds = 9'000'000'000;
  check.Require(timeout.seconds() >= 0 && timeout.nanos() >= 0 && timeout.nanos() < 1'000'000'000 &&
                    (timeout.seconds() > 0 || timeout.nanos() > 0),
                "timeout", "must be positive");
  return std::chrono::seconds(std::clamp<std::int64_t>(timeout.seconds(), 0, kMaxSeconds)) +
         std::chrono::nanoseconds(timeout.nanos());
}

// A call that is demanded needs a tool that can be called.
void CheckToolChoice(const ChatRequest& chat, const std::string& path, FieldCheck& check) {
  if (!chat.tool_choice) return;
  const ToolChoice::Mode mode = chat.tool_choice->mode;
  const bool is_name = mode == ToolChoice::Mode::kFunction;
  const std::string at = path + (is_name                          ? ".function_name"
                                 : mode == ToolChoice::Mode::kRaw ? ".raw_json"
                                                                  : ".mode");
  const CallLimits limits = LimitsOf(chat.tool_choice);
  if (chat.tools.empty()) {
    const std::string what = is_name ? "must name a tool of the request, which has none"
                                     : "must not demand a call where the request has no tools";
    check.Require(!limits.must_call, at, what + ": add `tools`, or leave `tool_choice` out");
    return;
  }
  if (!limits.tools) return;
  check.Require(!limits.must_call || !limits.tools->empty(), at,
                "must name a tool where it demands a call");
  for (const std::string& name : *limits.tools) {
    const bool is_there = std::any_of(chat.tools.begin(), chat.tools.end(),
                                      [&](const Tool& tool) { return tool.name == name; });
    check.Require(
        is_there, at,
        "must name a tool of the request: no entry of `tools` has the name `" + name + "`");
  }
}

ChatRequest ToChatRequest(const v1::ChatInput& input, const std::string& path, FieldCheck& check) {
  ChatRequest out;
  check.Require(!input.messages().empty(), path + ".messages", "must have at least one message");
  for (int i = 0; i < input.messages_size(); ++i) {
    out.messages.push_back(ToMessage(input.messages(i), At(path + ".messages", i), check));
  }
  for (int i = 0; i < input.tools_size(); ++i) {
    out.tools.push_back(ToTool(input.tools(i), At(path + ".tools", i), check));
  }
  if (input.has_tool_choice()) {
    out.tool_choice = ToToolChoice(input.tool_choice(), path + ".tool_choice", check);
    CheckToolChoice(out, path + ".tool_choice", check);
  }
  if (input.has_response_format()) {
    out.response_format =
        ToResponseFormat(input.response_format(), path + ".response_format", check);
  }
  out.params = ToParams(input.params());
  CheckParams(out.params, path + ".params", check);
  out.extra_body = ToExtraBody(input, path, check);
  return out;
}

// What both kinds of request have.
template <typename Request>
RunRequest ToAnyRunRequest(const Request& request, FieldCheck& check) {
  RunRequest out;
  out.model = request.model();
  out.chat = std::make_shared<const ChatRequest>(ToChatRequest(request.input(), "input", check));
  if (request.has_timeout()) out.timeout = ToTimeout(request.timeout(), check);
  return out;
}

}  // namespace

StatusOr<RunRequest> ToRunRequest(const v1::SynthesizeRequest& request) {
  FieldCheck check;
  RunRequest out = ToAnyRunRequest(request, check);
  out.members.assign(request.members().begin(), request.members().end());
  out.critic = Optional(request.has_critic(), request.critic());
  out.quorum = Optional<int>(request.has_quorum(), request.quorum());
  check.Require(out.quorum.value_or(1) >= 1, "quorum", "must be at least 1");
  if (!check.status().ok()) return check.status();
  return out;
}

StatusOr<RunRequest> ToRunRequest(const v1::ModelQueryRequest& request) {
  FieldCheck check;
  check.Require(!request.model().empty(), "model", "must be set");
  RunRequest out = ToAnyRunRequest(request, check);
  out.model_only = true;
  if (!check.status().ok()) return check.status();
  return out;
}

}  // namespace mom
