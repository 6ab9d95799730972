// JSON text as a tree that keeps its numbers exact.
#ifndef MOM_CONTRACT_EXACT_JSON_H_
#define MOM_CONTRACT_EXACT_JSON_H_

#include <rapidjson/document.h>

#include <optional>
#include <string_view>

namespace mom {

enum class JsonKind { kNull, kBool, kNumber, kString, kArray, kObject };

// RapidJSON's tree of one whole JSON value, not nested deeper than kMaxJsonDepth
// (base/json_reader.h). Numbers and strings are both strings in it, which the functions below tell
// apart; equal numbers are equal strings. Of members with the same name the last one is there.
// nullopt where the text is no JSON. Thread-safe.
std::optional<rapidjson::Document> ParseExactJson(std::string_view text);

JsonKind KindOf(const rapidjson::Value& value);
// Whether the tree's string stands for a number.
bool IsNumber(std::string_view in_tree);
// The number's text (ToText of json_number.h) or the string itself. Shares the argument's lifetime.
std::string_view Decoded(std::string_view in_tree);

inline std::string_view ViewOf(const rapidjson::Value& text) {
  return {text.GetString(), text.GetStringLength()};
}

}  // namespace mom

#endif  // MOM_CONTRACT_EXACT_JSON_H_
