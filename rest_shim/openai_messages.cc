#include "rest_shim/openai_messages.h"

#include <cstdio>
#include <optional>
#include <string_view>

namespace mom::rest {
namespace {

std::optional<v1::Role> RoleFromName(std::string_view name) {
  if (name == "system") return v1::ROLE_SYSTEM;
  if (name == "developer") return v1::ROLE_DEVELOPER;
  if (name == "user") return v1::ROLE_USER;
  if (name == "assistant") return v1::ROLE_ASSISTANT;
  if (name == "tool") return v1::ROLE_TOOL;
  if (name == "function") return v1::ROLE_FUNCTION;
  return std::nullopt;
}

bool ReadRole(JsonInput& input, JsonValue value, const JsonPath& path, v1::Message& out) {
  std::string name;
  if (!input.String(value, path, name)) return false;
  const auto role = RoleFromName(name);
  if (!role) {
    return input.Fail(
        path, "must be one of `system`, `developer`, `user`, `assistant`, `tool`, `function`");
  }
  out.set_role(*role);
  return true;
}

// A content part while its keys come in, in whatever order.
struct PartDraft {
  std::string type;
  std::optional<std::string> text;
  std::optional<std::string> refusal;
  std::optional<v1::ContentPart::Image> image;
  std::optional<v1::ContentPart::Audio> audio;
  std::optional<v1::ContentPart::File> file;
};

bool ReadImage(JsonInput& input, JsonValue value, const JsonPath& path, PartDraft& draft) {
  auto& image = draft.image.emplace();
  // Some clients send the address without the object around it.
  if (IsString(value)) return input.String(value, path, *image.mutable_url());
  const auto url = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *image.mutable_url());
  };
  const auto detail = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *image.mutable_detail());
  };
  if (!input.Object(value, path, {{"url", url}, {"detail", detail}})) return false;
  return !image.url().empty() || input.Missing(path, "url");
}

bool ReadAudio(JsonInput& input, JsonValue value, const JsonPath& path, PartDraft& draft) {
  auto& audio = draft.audio.emplace();
  const auto data = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *audio.mutable_data());
  };
  const auto format = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *audio.mutable_format());
  };
  return input.Object(value, path, {{"data", data}, {"format", format}});
}

bool ReadFile(JsonInput& input, JsonValue value, const JsonPath& path, PartDraft& draft) {
  auto& file = draft.file.emplace();
  const auto id = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *file.mutable_file_id());
  };
  const auto data = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *file.mutable_file_data());
  };
  const auto name = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *file.mutable_filename());
  };
  return input.Object(value, path, {{"file_id", id}, {"file_data", data}, {"filename", name}});
}

// Moves the draft's value of the announced type into the part. False where the value is missing;
// `known` tells whether the type is one of ours at all.
bool TakeTyped(PartDraft& draft, v1::ContentPart& out, bool& known) {
  known = true;
  if (draft.type == "text") {
    if (draft.text) out.set_text(std::move(*draft.text));
    return draft.text.has_value();
  }
  if (draft.type == "refusal") {
    if (draft.refusal) out.set_refusal(std::move(*draft.refusal));
    return draft.refusal.has_value();
  }
  if (draft.type == "image_url") {
    if (draft.image) *out.mutable_image() = std::move(*draft.image);
    return draft.image.has_value();
  }
  if (draft.type == "input_audio") {
    if (draft.audio) *out.mutable_audio() = std::move(*draft.audio);
    return draft.audio.has_value();
  }
  if (draft.type == "file") {
    if (draft.file) *out.mutable_file() = std::move(*draft.file);
    return draft.file.has_value();
  }
  known = false;
  return true;
}

bool ReadPart(JsonInput& input, JsonValue value, const JsonPath& path, v1::Message& message) {
  if (IsString(value)) {  // not OpenAI's form, but it can only mean one thing
    return input.String(value, path, *message.add_content()->mutable_text());
  }
  PartDraft draft;
  const auto type = [&](JsonValue v, const JsonPath& p) { return input.String(v, p, draft.type); };
  const auto text = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, draft.text.emplace());
  };
  const auto refusal = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, draft.refusal.emplace());
  };
  const auto image = [&](JsonValue v, const JsonPath& p) { return ReadImage(input, v, p, draft); };
  const auto audio = [&](JsonValue v, const JsonPath& p) { return ReadAudio(input, v, p, draft); };
  const auto file = [&](JsonValue v, const JsonPath& p) { return ReadFile(input, v, p, draft); };
  std::string_view raw;
  bool plain = false;
  if (!input.ObjectWithRaw(value, path,
                           {{"type", type},
                            {"text", text},
                            {"refusal", refusal},
                            {"image_url", image},
                            {"input_audio", audio},
                            {"file", file}},
                           raw, plain)) {
    return false;
  }
  if (draft.type.empty()) return input.Missing(path, "type");
  v1::ContentPart& part = *message.add_content();
  bool known = false;
  const std::string name = draft.type;
  if (!TakeTyped(draft, part, known)) return input.Missing(path, name);
  if (!plain || !known) part.set_raw_json(std::string(raw));
  return true;
}

bool ReadContent(JsonInput& input, JsonValue value, const JsonPath& path, v1::Message& message) {
  message.clear_content();
  if (IsString(value)) {
    return input.String(value, path, *message.add_content()->mutable_text());
  }
  if (!IsArray(value)) return input.Fail(path, "must be a string or an array of content parts");
  return input.Array(value, path, [&](JsonValue part, const JsonPath& at) {
    return ReadPart(input, part, at, message);
  });
}

// Arguments are a JSON text in a string; some clients send the object itself.
bool ReadArguments(JsonInput& input, JsonValue value, const JsonPath& path, std::string& out) {
  return IsString(value) ? input.String(value, path, out) : input.RawObject(value, path, out);
}

bool ReadFunction(JsonInput& input, JsonValue value, const JsonPath& path, v1::FunctionCall& out) {
  const auto name = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *out.mutable_name());
  };
  const auto arguments = [&](JsonValue v, const JsonPath& p) {
    return ReadArguments(input, v, p, *out.mutable_arguments_json());
  };
  if (!input.Object(value, path, {{"name", name}, {"arguments", arguments}})) return false;
  return !out.name().empty() || input.Missing(path, "name");
}

bool ReadToolCall(JsonInput& input, JsonValue value, const JsonPath& path, v1::Message& message) {
  v1::ToolCall& call = *message.add_tool_calls();
  std::string type = "function";
  std::optional<v1::FunctionCall> function;
  const auto call_id = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *call.mutable_id());
  };
  const auto call_type = [&](JsonValue v, const JsonPath& p) { return input.String(v, p, type); };
  // Clients that put stream deltas together leave the index in; it means nothing here.
  const auto index = [](JsonValue, const JsonPath&) { return true; };
  const auto body = [&](JsonValue v, const JsonPath& p) {
    return ReadFunction(input, v, p, function.emplace());
  };
  std::string_view raw;
  bool plain = false;
  const auto extra = [&](JsonValue v, const JsonPath& p) {
    return input.RawObject(v, p, *call.mutable_extra_content_json());
  };
  if (!input.ObjectWithRaw(value, path,
                           {{"id", call_id},
                            {"type", call_type},
                            {"index", index},
                            {"function", body},
                            {"extra_content", extra}},
                           raw, plain)) {
    return false;
  }
  if (type != "function" || !plain) {
    call.set_raw_json(std::string(raw));
    call.clear_extra_content_json();
    return true;
  }
  if (!function) return input.Missing(path, "function");
  *call.mutable_function() = std::move(*function);
  return true;
}

// The deprecated form has no ids, which models need to tell calls apart. Short and plain, as some
// providers take no other.
std::string FunctionCallId(int message) {
  char id[16];
  std::snprintf(id, sizeof id, "call%05d", message);
  return id;
}

// Makes a result of the deprecated form the answer to the call that it belongs to, if there is one.
void LinkFunctionResult(v1::ChatInput& chat) {
  const int last = chat.messages_size() - 1;
  v1::Message& result = *chat.mutable_messages(last);
  if (result.role() != v1::ROLE_FUNCTION) return;
  for (int i = last - 1; i >= 0; --i) {
    const v1::Message& message = chat.messages(i);
    if (message.tool_calls_size() != 1 || message.tool_calls(0).id() != FunctionCallId(i)) continue;
    if (message.tool_calls(0).function().name() != result.name()) continue;
    result.set_role(v1::ROLE_TOOL);
    result.set_tool_call_id(FunctionCallId(i));
    result.clear_name();
    return;
  }
}

bool ReadMessage(JsonInput& input, JsonValue value, const JsonPath& path, v1::ChatInput& chat) {
  const std::string function_call_id = FunctionCallId(chat.messages_size());
  v1::Message& message = *chat.add_messages();
  std::optional<v1::FunctionCall> function_call;
  std::string refusal;
  const auto role = [&](JsonValue v, const JsonPath& p) { return ReadRole(input, v, p, message); };
  const auto content = [&](JsonValue v, const JsonPath& p) {
    return ReadContent(input, v, p, message);
  };
  const auto name = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *message.mutable_name());
  };
  const auto call_id = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *message.mutable_tool_call_id());
  };
  const auto calls = [&](JsonValue v, const JsonPath& p) {
    message.clear_tool_calls();
    return input.Array(v, p, [&](JsonValue call, const JsonPath& at) {
      return ReadToolCall(input, call, at, message);
    });
  };
  const auto function = [&](JsonValue v, const JsonPath& p) {
    return ReadFunction(input, v, p, function_call.emplace());
  };
  const auto reasoning = [&](JsonValue v, const JsonPath& p) {
    return input.String(v, p, *message.mutable_reasoning_content());
  };
  const auto refused = [&](JsonValue v, const JsonPath& p) { return input.String(v, p, refusal); };
  ExtraKeys extra;
  if (!input.Object(value, path,
                    {{"role", role},
                     {"content", content},
                     {"name", name},
                     {"tool_call_id", call_id},
                     {"tool_calls", calls},
                     {"function_call", function},
                     {"reasoning_content", reasoning},
                     {"refusal", refused}},
                    extra.Into(input))) {
    return false;
  }
  if (message.role() == v1::ROLE_UNSPECIFIED) return input.Missing(path, "role");
  if (function_call && message.tool_calls().empty()) {
    v1::ToolCall& call = *message.add_tool_calls();
    call.set_id(function_call_id);
    *call.mutable_function() = *std::move(function_call);
  }
  if (!refusal.empty()) message.add_content()->set_refusal(std::move(refusal));
  message.set_extra_json(extra.Take());
  LinkFunctionResult(chat);
  return true;
}

}  // namespace

JsonInput::UnknownReader ExtraKeys::Into(JsonInput& input) {
  return [this, &input](std::string_view key, JsonValue value, const JsonPath& path) {
    std::string raw;
    if (!input.Raw(value, path, raw)) return false;
    if (!any_) json_.BeginObject();
    any_ = true;
    json_.Key(key).Raw(raw);
    return true;
  };
}

std::string ExtraKeys::Take() {
  if (!any_) return "";
  json_.EndObject();
  return json_.TakeString();
}

bool ReadMessages(JsonInput& input, JsonValue value, const JsonPath& path, v1::ChatInput& out) {
  out.clear_messages();
  if (!input.Array(value, path, [&](JsonValue message, const JsonPath& at) {
        return ReadMessage(input, message, at, out);
      })) {
    return false;
  }
  return out.messages_size() > 0 || input.Fail(path, "must have at least one message");
}

}  // namespace mom::rest
