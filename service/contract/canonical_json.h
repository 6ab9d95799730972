// One text for all ways to write the same JSON value.
#ifndef MOM_CONTRACT_CANONICAL_JSON_H_
#define MOM_CONTRACT_CANONICAL_JSON_H_

#include <rapidjson/document.h>

#include <optional>
#include <string>
#include <string_view>

namespace mom {

// To tell whether two JSON texts are the same value: without spaces, members sorted by name,
// numbers by their value however large (1.0 is 1), strings with as few escapes as can be. Of
// members with the same name the last one counts. nullopt where `text` is not one JSON value, or is
// nested deeper than kMaxJsonDepth (base/json_reader.h). Thread-safe.
std::optional<std::string> CanonicalJson(std::string_view text);

// The same of a value from ParseExactJson (exact_json.h).
std::string CanonicalJson(const rapidjson::Value& value);

}  // namespace mom

#endif  // MOM_CONTRACT_CANONICAL_JSON_H_
