#include "rest_shim/openai_request.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>

#include "rest_shim/json_input.h"
#include "rest_shim/openai_messages.h"

namespace mom::rest {
namespace {

// Puts the tools and the choice of the deprecated form into `chat`; false where they do not count.
bool TakeFunctions(v1::ChatInput functions, v1::ChatInput& chat) {
  if (functions.tools().empty() || !chat.tools().empty()) return false;
  chat.mutable_tools()->Swap(functions.mutable_tools());
  if (functions.has_tool_choice() && !chat.has_tool_choice()) {
    *chat.mutable_tool_choice() = functions.tool_choice();
  }
  return true;
}

// Reads one body. The readers below are named after the keys that they read.
class ChatCallReader {
 public:
  explicit ChatCallReader(std::string body) : input_(std::move(body)) {}

  StatusOr<ChatCall> Read();

 private:
  using Params = v1::SamplingParams;
  using Reader = JsonInput::Reader;

  // A reader for a key whose value goes into a field as it is.
  Reader DoubleInto(void (Params::*set)(double));
  Reader IntegerInto(void (Params::*set)(std::int64_t));
  Reader StringInto(std::string* (Params::*target)());
  Reader FlagInto(bool& out);

  bool ReadTopK(JsonValue value, const JsonPath& path);
  bool ReadStop(JsonValue value, const JsonPath& path);
  bool ReadParallelToolCalls(JsonValue value, const JsonPath& path);
  bool ReadN(JsonValue value, const JsonPath& path);
  bool ReadMaxTokens(JsonValue value, const JsonPath& path, std::optional<std::int64_t>& out);
  bool ReadStreamOptions(JsonValue value, const JsonPath& path);
  bool ReadBody();

  v1::ChatInput& chat() { return *call_.request.mutable_input(); }
  Params& params() { return *chat().mutable_params(); }

  JsonInput input_;
  ChatCall call_;
};

ChatCallReader::Reader ChatCallReader::DoubleInto(void (Params::*set)(double)) {
  return [this, set](JsonValue value, const JsonPath& path) {
    double number = 0;
    if (!input_.Number(value, path, number)) return false;
    (params().*set)(number);
    return true;
  };
}

ChatCallReader::Reader ChatCallReader::IntegerInto(void (Params::*set)(std::int64_t)) {
  return [this, set](JsonValue value, const JsonPath& path) {
    std::int64_t number = 0;
    if (!input_.Integer(value, path, number)) return false;
    (params().*set)(number);
    return true;
  };
}

ChatCallReader::Reader ChatCallReader::StringInto(std::string* (Params::*target)()) {
  return [this, target](JsonValue value, const JsonPath& path) {
    return input_.String(value, path, *(params().*target)());
  };
}

ChatCallReader::Reader ChatCallReader::FlagInto(bool& out) {
  return
      [this, &out](JsonValue value, const JsonPath& path) { return input_.Bool(value, path, out); };
}

bool ChatCallReader::ReadTopK(JsonValue value, const JsonPath& path) {
  std::int64_t number = 0;
  if (!input_.Integer(value, path, number)) return false;
  if (number < std::numeric_limits<std::int32_t>::min() ||
      number > std::numeric_limits<std::int32_t>::max()) {
    return input_.Fail(path, "must be an integer of at most 32 bits");
  }
  params().set_top_k(static_cast<std::int32_t>(number));
  return true;
}

bool ChatCallReader::ReadStop(JsonValue value, const JsonPath& path) {
  params().clear_stop();
  if (IsString(value)) return input_.String(value, path, *params().add_stop());
  if (!IsArray(value)) return input_.Fail(path, "must be a string or an array of strings");
  return input_.Array(value, path, [this](JsonValue text, const JsonPath& at) {
    return input_.String(text, at, *params().add_stop());
  });
}

bool ChatCallReader::ReadParallelToolCalls(JsonValue value, const JsonPath& path) {
  bool flag = false;
  if (!input_.Bool(value, path, flag)) return false;
  params().set_parallel_tool_calls(flag);
  return true;
}

bool ChatCallReader::ReadN(JsonValue value, const JsonPath& path) {
  std::int64_t number = 0;
  if (!input_.Integer(value, path, number)) return false;
  return number == 1 || input_.Fail(path, "must be 1: MoM gives one answer a request");
}

bool ChatCallReader::ReadMaxTokens(JsonValue value, const JsonPath& path,
                                   std::optional<std::int64_t>& out) {
  return input_.Integer(value, path, out.emplace());
}

bool ChatCallReader::ReadStreamOptions(JsonValue value, const JsonPath& path) {
  return input_.Object(value, path, {{"include_usage", FlagInto(call_.include_usage)}});
}

bool ChatCallReader::ReadBody() {
  std::optional<std::int64_t> max_tokens;
  std::optional<std::int64_t> max_completion_tokens;
  bool has_messages = false;
  const auto model = [&](JsonValue v, const JsonPath& p) {
    return input_.String(v, p, *call_.request.mutable_model());
  };
  const auto messages = [&](JsonValue v, const JsonPath& p) {
    has_messages = true;
    return ReadMessages(input_, v, p, chat());
  };
  const auto tools = [&](JsonValue v, const JsonPath& p) {
    return ReadTools(input_, v, p, chat());
  };
  const auto choice = [&](JsonValue v, const JsonPath& p) {
    return ReadToolChoice(input_, v, p, *chat().mutable_tool_choice());
  };
  v1::ChatInput functions;
  const auto old_tools = [&](JsonValue v, const JsonPath& p) {
    return ReadFunctions(input_, v, p, functions);
  };
  const auto old_choice = [&](JsonValue v, const JsonPath& p) {
    return ReadFunctionCall(input_, v, p, *functions.mutable_tool_choice());
  };
  const auto format = [&](JsonValue v, const JsonPath& p) {
    return ReadResponseFormat(input_, v, p, *chat().mutable_response_format());
  };
  const auto limit = [&](JsonValue v, const JsonPath& p) {
    return ReadMaxTokens(v, p, max_tokens);
  };
  const auto new_limit = [&](JsonValue v, const JsonPath& p) {
    return ReadMaxTokens(v, p, max_completion_tokens);
  };
  const auto by = [this](bool (ChatCallReader::*read)(JsonValue, const JsonPath&)) {
    return [this, read](JsonValue v, const JsonPath& p) { return (this->*read)(v, p); };
  };
  ExtraKeys extra;
  if (!input_.Document({{"model", model},
                        {"messages", messages},
                        {"tools", tools},
                        {"tool_choice", choice},
                        {"functions", old_tools},
                        {"function_call", old_choice},
                        {"response_format", format},
                        {"stream", FlagInto(call_.stream)},
                        {"stream_options", by(&ChatCallReader::ReadStreamOptions)},
                        {"n", by(&ChatCallReader::ReadN)},
                        {"max_tokens", limit},
                        {"max_completion_tokens", new_limit},
                        {"temperature", DoubleInto(&Params::set_temperature)},
                        {"top_p", DoubleInto(&Params::set_top_p)},
                        {"top_k", by(&ChatCallReader::ReadTopK)},
                        {"min_p", DoubleInto(&Params::set_min_p)},
                        {"seed", IntegerInto(&Params::set_seed)},
                        {"frequency_penalty", DoubleInto(&Params::set_frequency_penalty)},
                        {"presence_penalty", DoubleInto(&Params::set_presence_penalty)},
                        {"stop", by(&ChatCallReader::ReadStop)},
                        {"reasoning_effort", StringInto(&Params::mutable_reasoning_effort)},
                        {"parallel_tool_calls", by(&ChatCallReader::ReadParallelToolCalls)},
                        {"user", StringInto(&Params::mutable_user)}},
                       extra.Into(input_))) {
    return false;
  }
  if (!has_messages) return input_.Missing(JsonPath(), "messages");
  if (max_completion_tokens) max_tokens = max_completion_tokens;
  if (max_tokens) params().set_max_output_tokens(*max_tokens);
  if (TakeFunctions(std::move(functions), chat())) call_.calls = CallForm::kFunction;
  chat().set_extra_body_json(extra.Take());
  return true;
}

StatusOr<ChatCall> ChatCallReader::Read() {
  if (!ReadBody()) return input_.status();
  return std::move(call_);
}

}  // namespace

StatusOr<ChatCall> ParseChatCall(std::string body) {
  return ChatCallReader(std::move(body)).Read();
}

}  // namespace mom::rest
