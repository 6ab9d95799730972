// Ids of the tool calls that a mixture hands out.
#ifndef MOM_ENGINE_CALL_ID_H_
#define MOM_ENGINE_CALL_ID_H_

#include <string>
#include <string_view>

namespace mom {

// A fresh id for a call that `model` makes: "call_", eight hex digits that stand for the model's
// name, and 24 random ones. Clients send it back with the tool's result, and providers take it
// (OpenAI's limit is 40 characters); so the model is found again after a restart, and by another
// replica. Thread-safe.
std::string NewCallId(std::string_view model);

// Whether NewCallId() may have made `id`, for whatever model.
bool IsCallId(std::string_view id);

// Whether NewCallId() made `id` for that model. Of two names one in 2^32 pairs has the same digits.
bool IsCallIdOf(std::string_view id, std::string_view model);

}  // namespace mom

#endif  // MOM_ENGINE_CALL_ID_H_
