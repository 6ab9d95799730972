// MoM's own vocabulary of a conversation. No JSON library, no protobuf, no dialect.
#ifndef MOM_MODEL_CHAT_H_
#define MOM_MODEL_CHAT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace mom {

// The fields mean what proto/mom/v1/chat.proto says of those with the same names.

enum class Role { kSystem, kDeveloper, kUser, kAssistant, kTool, kFunction };
enum class FinishReason { kStop, kLength, kToolCalls, kContentFilter, kFunctionCall };

// `raw_json`: not empty where the part came with further keys; then it is passed on as it is.
struct TextPart {
  std::string text;
  std::string raw_json{};
};
struct ImagePart {
  std::string url;
  std::optional<std::string> detail;
  std::string raw_json{};
};
struct AudioPart {
  std::string data;
  std::string format;
};
struct FilePart {
  std::string file_id;
  std::string file_data;
  std::string filename;
};
struct RefusalPart {
  std::string refusal;
};
// A JSON object in OpenAI's form, passed on byte for byte.
struct RawPart {
  std::string json;
};
using ContentPart = std::variant<TextPart, ImagePart, AudioPart, FilePart, RefusalPart, RawPart>;

struct ToolCall {
  std::string id;
  std::string name;
  std::string arguments_json;
  // Not empty: a call that is no function, or has further keys; the fields above but id are empty.
  std::string raw_json;
  std::string
      extra_content_json;  // what the provider gave beside it and wants back, also of a raw one
};

struct Message {
  Role role = Role::kUser;
  std::vector<ContentPart> content;
  std::optional<std::string> name;
  std::vector<ToolCall> tool_calls;
  std::optional<std::string> tool_call_id;
  std::optional<std::string> reasoning_content;
  std::string extra_json;  // further keys, a JSON object; empty: none
};

struct Tool {
  std::string name;
  std::optional<std::string> description;
  std::string parameters_json;
  std::optional<bool> strict;
  std::string raw_json;  // not empty: a tool of another shape, as it came; of the other fields only
                         // `name` and `parameters_json` may be set, where it declares a function
};

struct ToolChoice {
  enum class Mode { kNone, kAuto, kRequired, kFunction, kRaw };
  Mode mode = Mode::kAuto;
  std::string value;  // kFunction: the name; kRaw: the JSON
};

struct ResponseFormat {
  enum class Kind { kText, kJsonObject, kJsonSchema, kRaw };
  Kind kind = Kind::kText;
  std::string name;         // kJsonSchema
  std::string schema_json;  // kJsonSchema: the schema; kRaw: the whole format
  std::optional<bool> strict;
  std::optional<std::string> description;
};

struct SamplingParams {
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<std::int32_t> top_k;
  std::optional<double> min_p;
  std::optional<std::int64_t> max_output_tokens;
  std::optional<std::int64_t> seed;
  std::optional<double> frequency_penalty;
  std::optional<double> presence_penalty;
  std::vector<std::string> stop;
  std::optional<std::string> reasoning_effort;
  std::optional<bool> parallel_tool_calls;
  std::optional<std::string> user;
};

struct ChatRequest {
  std::vector<Message> messages;
  std::vector<Tool> tools;
  std::optional<ToolChoice> tool_choice;
  std::optional<ResponseFormat> response_format;
  SamplingParams params;
  // Further keys of the request's body: name to JSON value, passed on byte for byte. They win over
  // `params`. Never `model`, `messages`, `stream`, `stream_options`, `n`, `tools`, `tool_choice`,
  // `parallel_tool_calls` or `response_format`.
  std::vector<std::pair<std::string, std::string>> extra_body;
};

struct Usage {
  std::int64_t prompt_tokens = 0;
  std::int64_t completion_tokens = 0;
  std::optional<std::int64_t> cached_tokens;
  std::optional<std::int64_t> reasoning_tokens;
  bool estimated = false;
  std::optional<std::int64_t> cost_nanos_usd;

  std::int64_t total_tokens() const { return prompt_tokens + completion_tokens; }
  // Adds up; `estimated` if either is; the cost stays unset only where neither has one.
  Usage& operator+=(const Usage& other);
};

struct ToolCallDelta {
  int index = 0;
  std::string id;
  std::string name;
  std::string arguments_json;
  std::string extra_content_json;
};

// A piece of an answer. Several fields may be set in one.
struct ChatDelta {
  std::string text;
  std::string reasoning;
  std::string refusal;
  std::vector<ToolCallDelta> tool_calls;
  std::optional<FinishReason> finish_reason;
  std::optional<Usage> usage;
  std::string upstream_model;  // where the provider names it
  std::string upstream_id;

  // Whether a user would see something: text, refusal or a tool call.
  bool IsVisible() const { return !text.empty() || !refusal.empty() || !tool_calls.empty(); }
  // Whether the model wrote something: what is visible, or reasoning.
  bool IsPayload() const { return IsVisible() || !reasoning.empty(); }
};

// A whole answer, or what came of it.
struct Completion {
  std::string text;
  std::string reasoning;
  std::string refusal;
  std::vector<ToolCall> tool_calls;
  std::optional<FinishReason> finish_reason;  // unset: it did not come to its end
  Usage usage;
  std::string upstream_model;
  std::string upstream_id;

  // Appends a piece. Tool calls are put together by index.
  void Append(const ChatDelta& delta);
};

// Names as OpenAI's JSON has them: "system", "stop".
std::string_view NameOf(Role role);
std::string_view NameOf(FinishReason reason);
std::optional<Role> RoleFromName(std::string_view name);

// A rough count for where a provider reports none: bytes / 4, at least 1 for a non-empty text.
std::int64_t EstimateTokens(std::string_view text);
// The same over all that the model reads.
std::int64_t EstimatePromptTokens(const ChatRequest& request);

}  // namespace mom

#endif  // MOM_MODEL_CHAT_H_
