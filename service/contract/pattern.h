// Patterns over text that models or clients wrote.
#ifndef MOM_CONTRACT_PATTERN_H_
#define MOM_CONTRACT_PATTERN_H_

#include <re2/re2.h>

#include <initializer_list>
#include <string>
#include <string_view>

namespace mom {

// A pattern of these parts, which lives as long as the process: for a function's static.
inline const RE2& Pattern(std::initializer_list<std::string_view> parts) {
  std::string pattern;
  for (const std::string_view part : parts) pattern += part;
  return *new RE2(pattern);
}

inline re2::StringPiece Piece(std::string_view text) { return {text.data(), text.size()}; }

inline bool Finds(const RE2& pattern, std::string_view text) {
  return RE2::PartialMatch(Piece(text), pattern);
}

}  // namespace mom

#endif  // MOM_CONTRACT_PATTERN_H_
