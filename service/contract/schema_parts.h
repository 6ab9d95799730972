// A JSON schema, taken apart into what valijson judges and what MoM judges.
#ifndef MOM_CONTRACT_SCHEMA_PARTS_H_
#define MOM_CONTRACT_SCHEMA_PARTS_H_

#include <rapidjson/document.h>

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "service/contract/schema_rules.h"

namespace mom {

// The keyword of the parts that holds the place of a schema's rules.
inline constexpr char kRulesKeyword[] = "mom:rules";

struct SchemaParts {
  // The first is the whole schema, the others are what its `$ref`s and member patterns mean. Each
  // is a schema in what keywords valijson judges rightly, and kRulesKeyword; none has a `$ref`.
  // Values to compare with are as in exact_json.h.
  std::deque<rapidjson::Document> parts;
  std::deque<SchemaRules> rules;
  // What is in none of them, each once: "`format`", "`$ref` http://example.com/x.json". Leaving it
  // out only lets more values fit: what its being there could have turned round is left out, too.
  std::vector<std::string> unchecked;
};

// `schema` is from ParseExactJson. Drafts 4 to 7 are read alike: no keyword has two meanings in
// them that a value's type does not tell. Thread-safe.
SchemaParts TakeApart(const rapidjson::Document& schema);

}  // namespace mom

#endif  // MOM_CONTRACT_SCHEMA_PARTS_H_
