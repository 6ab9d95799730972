// OpenAI's JSON of a request in, MoM's request out.
#ifndef MOM_REST_SHIM_OPENAI_REQUEST_H_
#define MOM_REST_SHIM_OPENAI_REQUEST_H_

#include <string>

#include "mom/v1/mom_service.pb.h"
#include "service/base/status.h"

namespace mom::rest {

// A request to /v1/chat/completions.
struct ChatCall {
  v1::SynthesizeRequest request;
  bool stream = false;
  bool include_usage = false;  // stream_options.include_usage
};

// Parses a request's body. Only what the REST form itself decides is checked: types, known roles,
// required keys; ranges and names are the service's to judge. Keys that are not known are never an
// error: those of the body go to `extra_body_json`, those of messages to `extra_json`, and parts,
// tools, calls and choices of other shapes to their `raw_json`, byte for byte.
// Errors: kInvalidArgument whose ErrorInfo names the field ("messages.2.role").
StatusOr<ChatCall> ParseChatCall(std::string body);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_OPENAI_REQUEST_H_
