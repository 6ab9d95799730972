// The parameters that MoM passes on without knowing them.
#ifndef MOM_RPC_EXTRA_BODY_H_
#define MOM_RPC_EXTRA_BODY_H_

#include <string>
#include <utility>
#include <vector>

#include "mom/v1/chat.pb.h"
#include "service/rpc/field_check.h"

namespace mom {

// `extra_body` and `extra_body_json` of `input` together, name to JSON text; the latter wins. A
// number of the Struct that is a whole one is written as such. Mistakes: a name that must not be
// overridden, a text that is no JSON object, a number that JSON cannot say. `path` is that of
// `input`.
std::vector<std::pair<std::string, std::string>> ToExtraBody(const v1::ChatInput& input,
                                                             const std::string& path,
                                                             FieldCheck& check);

}  // namespace mom

#endif  // MOM_RPC_EXTRA_BODY_H_
