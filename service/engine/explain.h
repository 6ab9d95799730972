// Why candidates were taken or not, in words.
#ifndef MOM_ENGINE_EXPLAIN_H_
#define MOM_ENGINE_EXPLAIN_H_

#include <string>
#include <string_view>
#include <vector>

#include "service/engine/candidate.h"

namespace mom {

// The grade and what brought it about: "contract_broken: block 2 (a.py): the lines are not in the
// file".
std::string Describe(const Candidate& candidate);
// The same, and the form that it was held to: "usable (form: json_schema, not checked: `format`)".
std::string DescribeWithForm(const Candidate& candidate, ContractKind form);

// Says why of each candidate that its strategy said nothing of. `answered_by` and `answer` are the
// run's; a run that failed has none: "" and an empty text.
void Explain(std::string_view answered_by, const Completion& answer,
             std::vector<Candidate>& candidates);

}  // namespace mom

#endif  // MOM_ENGINE_EXPLAIN_H_
