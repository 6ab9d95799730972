// Turns of a conversation in which a client brings the results of tool calls. They end with these,
// or with messages of the user's behind them, to which no model has said anything yet.
#ifndef MOM_ENGINE_TOOL_TURN_H_
#define MOM_ENGINE_TOOL_TURN_H_

#include <optional>
#include <string>

#include "service/engine/mixture_config.h"
#include "service/model/chat.h"

namespace mom {

// The model that made the calls whose results end the conversation: a member of the mixture or one
// of its critics, by the calls' ids (call_id.h). nullopt: no results end it, or
// none of the mixture's models made the calls. Pure.
std::optional<std::string> ActingMember(const ChatRequest& chat, const MixtureConfig& mixture);

// Why the whole mixture is to be asked in such a turn and not its acting member alone, by the
// mixture's `tool_turns`: one line for people. nullopt: it is not. Pure.
std::optional<std::string> WhyReconvene(const ChatRequest& chat, const MixtureConfig& mixture);

// Whether a tool's result tells of a failure: its text opens with a word for one ("Error: ..."), or
// names an exit code other than 0 in its first or last line, or is a JSON object that says so
// (docs/config.md has the rules). Pure.
bool ShowsFailure(const Message& result);

}  // namespace mom

#endif  // MOM_ENGINE_TOOL_TURN_H_
