// The conversation and the tools of OpenAI's JSON; used by openai_request.
#ifndef MOM_REST_SHIM_OPENAI_MESSAGES_H_
#define MOM_REST_SHIM_OPENAI_MESSAGES_H_

#include <string>
#include <utility>

#include "mom/v1/chat.pb.h"
#include "rest_shim/json_input.h"
#include "service/base/json_writer.h"

namespace mom::rest {

// Collects keys that are not ours into a JSON object, byte for byte.
class ExtraKeys {
 public:
  // A reader for JsonInput::Object; valid as long as this object.
  JsonInput::UnknownReader Into(JsonInput& input);
  // The object's text; empty where nothing was collected.
  std::string Take();

 private:
  JsonWriter json_;
  bool any_ = false;
};

// Each reads one value and appends to `out` or sets it; false at a mistake, which `input` then has.
bool ReadMessages(JsonInput& input, JsonValue value, const JsonPath& path, v1::ChatInput& out);
bool ReadTools(JsonInput& input, JsonValue value, const JsonPath& path, v1::ChatInput& out);
bool ReadToolChoice(JsonInput& input, JsonValue value, const JsonPath& path, v1::ToolChoice& out);
// The deprecated form of these two: `functions` and `function_call`.
bool ReadFunctions(JsonInput& input, JsonValue value, const JsonPath& path, v1::ChatInput& out);
bool ReadFunctionCall(JsonInput& input, JsonValue value, const JsonPath& path, v1::ToolChoice& out);
bool ReadResponseFormat(JsonInput& input, JsonValue value, const JsonPath& path,
                        v1::ResponseFormat& out);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_OPENAI_MESSAGES_H_
