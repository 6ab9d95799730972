// OpenAI's JSON of a request in, MoM's request out.
#ifndef MOM_REST_SHIM_OPENAI_REQUEST_H_
#define MOM_REST_SHIM_OPENAI_REQUEST_H_

#include <string>

#include "mom/v1/mom_service.pb.h"
#include "service/base/status.h"

namespace mom::rest {

// How calls of tools are written: as `tool_calls`, or as the deprecated `function_call`, which has
// room for one. The client's request decides it for the answer.
enum class CallForm { kTools, kFunction };

// A request to /v1/chat/completions.
struct ChatCall {
  v1::SynthesizeRequest request;
  bool stream = false;
  bool include_usage = false;  // stream_options.include_usage
  CallForm calls = CallForm::kTools;
};

// Parses a request's body. Only what the REST form itself decides is checked: types, known roles,
// required keys; ranges and names are the service's to judge. Keys that are not known are never an
// error: those of the body go to `extra_body_json`, those of messages to `extra_json`, and parts,
// tools, calls and choices of other shapes to their `raw_json`, byte for byte. The deprecated
// `functions` and `function_call` become tools and tool_choice, and the messages of that form calls
// and results with ids; where `tools` is there too, it alone counts.
// Errors: kInvalidArgument whose ErrorInfo names the field ("messages.2.role").
StatusOr<ChatCall> ParseChatCall(std::string body);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_OPENAI_REQUEST_H_
