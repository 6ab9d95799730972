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
  std::string path;            // empty: none is given
  bool in_open_fence = false;  // nothing closes the fence that it is in
  HunkLines lines;
  std::string_view text;  // the piece of the answer that the lines were read from
};

// The hunks of all ```diff fences. nullopt where aider fails on them: a header out of place, or a
// fence that opens at the very end.
std::optional<std::vector<Hunk>> ReadHunks(std::string_view answer);

// What the hunk says was there, and what shall be.
std::vector<std::string_view> Before(const HunkLines& lines);
std::vector<std::string_view> After(const HunkLines& lines);

// The hunk that makes the one into the other, by the longest common runs of lines, as Python's
// difflib has it; of large ones what they have in common at both ends, first.
HunkLines DiffOf(const std::vector<std::string_view>& before,
                 const std::vector<std::string_view>& after);

}  // namespace mom

#endif  // MOM_CONTRACT_HUNK_H_
