// Patterns of JSON schemas, which are written in JavaScript's language, in that of RE2.
#ifndef MOM_CONTRACT_ECMA_PATTERN_H_
#define MOM_CONTRACT_ECMA_PATTERN_H_

#include <re2/re2.h>

#include <memory>
#include <string_view>

namespace mom {

// Null where the pattern says what RE2 cannot (look-ahead, a reference back, a huge repetition), or
// what means another thing to RE2. Search with RE2::PartialMatch: patterns are not anchored.
// Thread-safe, and so is the result.
std::unique_ptr<const RE2> CompileEcmaPattern(std::string_view pattern);

}  // namespace mom

#endif  // MOM_CONTRACT_ECMA_PATTERN_H_
