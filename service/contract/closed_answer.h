// Answers that can be counted as votes: a number, a letter, yes or no.
#ifndef MOM_CONTRACT_CLOSED_ANSWER_H_
#define MOM_CONTRACT_CLOSED_ANSWER_H_

#include <optional>
#include <string>
#include <string_view>

#include "service/contract/contract_kind.h"
#include "service/contract/verdict.h"

namespace mom {

// What a text answers, written in one way however the text has it: "**B**", "(b)", "B) Paris" and
// "The answer is B." are "B"; "42.0", "+42 km" and "1 + 41 = 42" are "42"; "3/4" is "0.75"; "Yes,
// because" and "True." are "yes". Where a text says more than one thing, what it calls its answer
// counts, of those the last. nullopt: it does not tell, or `kind` is not closed. Pure; takes time
// in proportion to the text.
std::optional<std::string> CanonicalAnswer(ContractKind kind, std::string_view text);

// Unusable: the text has no such answer. Best: it is nothing but the answer.
Verdict CheckClosedAnswer(ContractKind kind, std::string_view answer);

}  // namespace mom

#endif  // MOM_CONTRACT_CLOSED_ANSWER_H_
