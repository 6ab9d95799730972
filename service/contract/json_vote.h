// What several answers to the same schema agree on.
#ifndef MOM_CONTRACT_JSON_VOTE_H_
#define MOM_CONTRACT_JSON_VOTE_H_

#include <string>
#include <string_view>
#include <vector>

#include "service/contract/json_schema.h"

namespace mom {

enum class JsonAgreement {
  kSame,    // all are the same value
  kMerged,  // the majority's value in each field, which is no single answer's
  kBest,    // the majority is the best one's, or what it says does not fit
};

struct JsonVote {
  JsonAgreement agreement = JsonAgreement::kBest;
  std::string text;
};

// The vote of at least two JSON texts that fit `schema`, the best one first: in each field of an
// object, down to the 16th level, the value that most have, where not to have the field is a value,
// too; the better one's where as many have another. Lists, and what is further down, are compared
// as wholes. Values are compared as in canonical_json.h, and given as they were written. Unless
// something else was voted for, the text is the best one's byte for byte: so it is where there are
// only two. Pure; thread-safe.
JsonVote VoteOnJson(const std::vector<std::string_view>& texts, const JsonSchema& schema);

}  // namespace mom

#endif  // MOM_CONTRACT_JSON_VOTE_H_
