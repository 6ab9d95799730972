// Answers that are one file in one code block.
#ifndef MOM_CONTRACT_FENCED_FILE_H_
#define MOM_CONTRACT_FENCED_FILE_H_

#include <string_view>

#include "service/contract/verdict.h"
#include "service/model/chat.h"

namespace mom {

// Whether the last message, a user's, or the conversation's instructions demand the complete file
// in a single code block and nothing else, in so many words. Pure.
bool DemandsFencedFile(const ChatRequest& request);

// Unusable: no block, one that is not closed, several, an empty one, one that leaves lines out or
// has a conflict's markers. Best: there is nothing but the block.
Verdict CheckFencedFile(std::string_view answer);

}  // namespace mom

#endif  // MOM_CONTRACT_FENCED_FILE_H_
