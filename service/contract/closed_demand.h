// Prompts that demand a number, a letter, or yes or no, and nothing else.
#ifndef MOM_CONTRACT_CLOSED_DEMAND_H_
#define MOM_CONTRACT_CLOSED_DEMAND_H_

#include <optional>

#include "service/contract/contract_kind.h"
#include "service/model/chat.h"

namespace mom {

// The closed kind that the last message, a user's, or the instructions at the conversation's start
// demand in so many words: "Answer with only a number.", "Reply yes or no." nullopt where there is
// no such sentence, where it is quoted or holds for some cases only ("Polls: reply yes or no."),
// where it may be said of a program that is asked for ("Print only the number."), and where more
// than one short answer is asked for ("and explain", a list of questions): rather a demand missed
// than a question cut short. Pure.
std::optional<ContractKind> FindClosedDemand(const ChatRequest& request);

}  // namespace mom

#endif  // MOM_CONTRACT_CLOSED_DEMAND_H_
