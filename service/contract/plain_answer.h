// Answers that are one text and edit nothing.
#ifndef MOM_CONTRACT_PLAIN_ANSWER_H_
#define MOM_CONTRACT_PLAIN_ANSWER_H_

#include <string_view>

#include "service/contract/verdict.h"

namespace mom {

// aider takes the whole answer for the commit's message. Unusable: more than one line, or a fence.
// Best: "type: what", at most 72 characters.
Verdict CheckCommitMessage(std::string_view answer);

// aider puts the answer in the place of the conversation's older part. Unusable: fenced code, which
// it would read as edits. Best: it begins as it was told to.
Verdict CheckSummary(std::string_view answer);

}  // namespace mom

#endif  // MOM_CONTRACT_PLAIN_ANSWER_H_
