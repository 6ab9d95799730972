// Calls that clients make beside the conversation: for a title, a commit message, tags.
#ifndef MOM_CONTRACT_SIDE_CALL_H_
#define MOM_CONTRACT_SIDE_CALL_H_

#include <optional>
#include <string_view>

#include "service/model/chat.h"

namespace mom {

// The side call that a request is, as "aider commit message"; nullopt: it is none, or one of a
// client or version that is not known. Known by the exact beginning of the client's own prompt, and
// by its end where it has one: tests/golden/side_calls has those, with the versions. Pure.
std::optional<std::string_view> DetectSideCall(const ChatRequest& request);

}  // namespace mom

#endif  // MOM_CONTRACT_SIDE_CALL_H_
