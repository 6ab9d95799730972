// The keywords of a JSON schema that MoM judges itself: valijson would do it through doubles and
// std::regex.
#ifndef MOM_CONTRACT_SCHEMA_RULES_H_
#define MOM_CONTRACT_SCHEMA_RULES_H_

#include <re2/re2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "service/contract/exact_json.h"
#include "service/contract/json_number.h"

namespace mom {

// A place in SchemaParts::parts (schema_parts.h).
using SchemaPart = std::size_t;

// `properties`, `patternProperties` and `additionalProperties`.
struct MemberRules {
  std::map<std::string, SchemaPart, std::less<>> named;
  std::vector<std::pair<std::unique_ptr<const RE2>, SchemaPart>> patterns;
  std::optional<SchemaPart> others;
};

// Of one schema; what is not set demands nothing.
struct SchemaRules {
  std::vector<std::string> types;  // as the schema names them
  std::optional<JsonNumber> minimum;
  std::optional<JsonNumber> above;
  std::optional<JsonNumber> maximum;
  std::optional<JsonNumber> below;
  std::optional<JsonNumber> multiple_of;
  std::optional<std::uint64_t> min_length;  // in characters
  std::optional<std::uint64_t> max_length;
  std::unique_ptr<const RE2> pattern;
  bool unique_items = false;
  std::optional<std::unordered_set<std::string>> values;  // `enum` or `const`, as CanonicalJson()
  std::vector<std::string> required;                      // sorted
  std::optional<SchemaPart> ref;
  std::optional<MemberRules> members;
  // Of what valijson judges: whether it goes through the items, how many names `dependencies` have.
  bool items = false;
  std::size_t dependencies = 0;
};

// Whether it is what valijson takes for a member's name, which ends at a zero byte; an array of
// them.
bool IsName(const rapidjson::Value& value);
bool AreNames(const rapidjson::Value& value);

// A count as `minItems` has it: a whole number that is not negative, also where it is written 2.0.
std::optional<std::uint64_t> ReadCount(const rapidjson::Value& value);

// Reads one keyword of `schema`, both as in exact_json.h. nullopt: it is none of those from `types`
// to `required`; false: it is, and says what cannot be judged.
std::optional<bool> ReadRule(const rapidjson::Value& schema, std::string_view keyword,
                             const rapidjson::Value& value, SchemaRules& rules);

// What is wanted of a value and not so ("at most 5"); empty where nothing is. Thread-safe.
std::string UnkeptByKind(const SchemaRules& rules, JsonKind kind, bool is_integer);
std::string UnkeptByNumber(const SchemaRules& rules, const JsonNumber& number);
std::string UnkeptByText(const SchemaRules& rules, std::string_view text);

}  // namespace mom

#endif  // MOM_CONTRACT_SCHEMA_RULES_H_
