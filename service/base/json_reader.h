// Small questions about JSON text that came from outside, and small changes of it.
#ifndef MOM_BASE_JSON_READER_H_
#define MOM_BASE_JSON_READER_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mom {

// Deepest nesting that is accepted anywhere.
inline constexpr int kMaxJsonDepth = 64;

// Whether `text` is one whole, valid JSON object, not nested deeper than kMaxJsonDepth.
// Thread-safe.
bool IsJsonObject(std::string_view text);

// The members of such an object, in its order: the name, and the value's text as it is in `text`,
// whose lifetime it shares. nullopt where IsJsonObject() is false. Thread-safe.
std::optional<std::vector<std::pair<std::string, std::string_view>>> ReadJsonObject(
    std::string_view text);

// The text of the value at the end of that path of member names, as ReadJsonObject() gives it;
// empty where there is none. Thread-safe.
std::string_view JsonMember(std::string_view object, std::initializer_list<std::string_view> path);

// That object with this JSON as the value of its member `name`, at the end where it has none;
// empty: without that member. The other values stay byte for byte. `object` must be a JSON object.
// Thread-safe.
std::string WithJsonMember(std::string_view object, std::string_view name, std::string_view json);

// The strings of a JSON array, or the one that `text` is; others are left out. Thread-safe.
std::vector<std::string> ReadJsonStrings(std::string_view text);

}  // namespace mom

#endif  // MOM_BASE_JSON_READER_H_
