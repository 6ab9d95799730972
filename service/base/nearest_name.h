// Guesses what somebody meant to write.
#ifndef MOM_BASE_NEAREST_NAME_H_
#define MOM_BASE_NEAREST_NAME_H_

#include <string>
#include <string_view>
#include <vector>

namespace mom {

// The nearest of `known` to `name` by edit distance (a swap of neighbours is one edit); empty where
// none is near: more than 2 edits, or than a third of the name, but 1 edit always is.
std::string NearestName(std::string_view name, const std::vector<std::string>& known);

// What to write in place of `name`, for messages: `did you mean "x"?`, or `write one of a, b, c`.
std::string SuggestName(std::string_view name, const std::vector<std::string>& known);

// "a, b, c".
std::string JoinNames(const std::vector<std::string>& names);

}  // namespace mom

#endif  // MOM_BASE_NEAREST_NAME_H_
