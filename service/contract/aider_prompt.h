// The instructions that aider sends.
#ifndef MOM_CONTRACT_AIDER_PROMPT_H_
#define MOM_CONTRACT_AIDER_PROMPT_H_

#include <optional>

#include "service/contract/contract_kind.h"
#include "service/model/chat.h"

namespace mom {

// What aider's instructions demand: an edit format, kArchitect, kCommitMessage or kSummary; kNone
// for those of its modes that only talk. nullopt: the request has no instructions of aider's. Pure.
std::optional<ContractKind> FindAiderPrompt(const ChatRequest& request);

// The edit format by what the conversation shows of it, for where somebody put other instructions
// in the place of aider's: it adds files as aider does, and the assistant answered with
// SEARCH/REPLACE blocks at least twice, the last time it said something too. nullopt else. Pure.
std::optional<ContractKind> FindAiderTurns(const ChatRequest& request);

}  // namespace mom

#endif  // MOM_CONTRACT_AIDER_PROMPT_H_
