// Hunks of a unified diff, as they stand in an answer.
#ifndef MOM_CONTRACT_HUNK_H_
#define MOM_CONTRACT_HUNK_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mom {

// A line of a hunk: kept (' '), taken away ('-') or put in ('+').
struct HunkLine {
  char op = ' ';
  std::string_view text;
  bool operator==(const HunkLine&) const = default;
};
using HunkLines = std::vector<HunkLine>;

struct Hunk {
  std::string path;  // empty: none is given
  HunkLines lines;
};

// The hunks of all ```diff fences. nullopt where aider fails on them: a header out of place, or a
// fence that opens at the very end.
std::optional<std::vector<Hunk>> ReadHunks(std::string_view answer);

// What the hunk says was there, and what shall be.
std::vector<std::string_view> Before(const HunkLines& lines);
std::vector<std::string_view> After(const HunkLines& lines);

// The shortest hunk that makes the one into the other.
HunkLines DiffOf(const std::vector<std::string_view>& before,
                 const std::vector<std::string_view>& after);

}  // namespace mom

#endif  // MOM_CONTRACT_HUNK_H_
