// Which file an answer means by what it wrote.
#ifndef MOM_CONTRACT_FILE_NAME_H_
#define MOM_CONTRACT_FILE_NAME_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mom {

// How alike two names are, from 0 to 1: twice what they share, by the characters of the longest
// common pieces, over the length of both (Ratcliff and Obershelp). As Python's difflib, except
// that it forgets frequent characters of names of 200 and more.
double NameLikeness(std::string_view a, std::string_view b);

// The most alike of `known`, at least 0.8; of several the last in order; null where none is.
const std::string* CloseName(std::string_view name, const std::vector<std::string>& known);

// Whether a new file might be given that path: a relative one that stays below its start, and
// looks like a path, not like a sentence.
bool IsPlausiblePath(std::string_view path);

// A path of an answer, for the reason of a verdict, which has nothing of what answers say: itself,
// or its end where it is long, or that it is none.
std::string ShownPath(std::string_view path);

// The last part of a path.
std::string_view BaseName(std::string_view path);

}  // namespace mom

#endif  // MOM_CONTRACT_FILE_NAME_H_
