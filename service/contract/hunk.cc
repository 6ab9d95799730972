#include "service/contract/hunk.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "service/contract/text_lines.h"

namespace mom {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::string_view kFence = "```";
constexpr std::string_view kOpening = "```diff";
constexpr std::string_view kFrom = "--- ";
constexpr std::string_view kTo = "+++ ";
// Larger hunks are not compared line by line: that takes the product of both sizes.
constexpr std::size_t kMostCells = 100'000;

// Reads what one fence encloses.
class FenceReader {
 public:
  explicit FenceReader(std::vector<Hunk>& hunks) : hunks_(hunks) {}

  // False where aider fails.
  bool Read(Lines block) {
    if (block.size() > 1 && block[0].starts_with(kFrom) && block[1].starts_with(kTo)) {
      path_ = PathOf(block[0], block[1]);
      block.erase(block.begin(), block.begin() + 2);
    }
    for (const std::string_view line : block) {
      lines_.push_back(line);
      // An empty line, or one of a lone character.
      if (line.empty()) continue;
      if (line.starts_with(kTo)) {
        if (lines_.size() < 2) return false;
        if (lines_[lines_.size() - 2].starts_with(kFrom)) {
          if (lines_.size() < 3) return false;
          lines_.resize(lines_.size() - (lines_[lines_.size() - 3].empty() ? 3 : 2));
          End();
          path_ = Strip(line.substr(kTo.size()));
          continue;
        }
      }
      if (line[0] == '-' || line[0] == '+') {
        changes_ = true;
      } else if (line[0] == '@') {
        lines_.pop_back();
        EndIfChanged();
      }
    }
    EndIfChanged();
    return true;
  }

 private:
  static std::string PathOf(std::string_view from, std::string_view to) {
    from = Strip(from.substr(kFrom.size()));
    to = Strip(to.substr(kTo.size()));
    const bool git = (from.starts_with("a/") || from == "/dev/null") && to.starts_with("b/");
    return std::string(git ? to.substr(2) : to);
  }

  void EndIfChanged() {
    if (changes_) End();
    lines_.clear();
  }

  void End() {
    Hunk hunk;
    hunk.path = path_;
    for (const std::string_view line : lines_) {
      const char op = line.empty() ? ' ' : line[0];
      const std::string_view text = line.empty() ? line : line.substr(1);
      if (op == ' ' || op == '-' || op == '+') hunk.lines.push_back({op, text});
    }
    hunks_.push_back(std::move(hunk));
    lines_.clear();
    changes_ = false;
  }

  std::vector<Hunk>& hunks_;
  std::string path_;
  Lines lines_;
  bool changes_ = false;
};

// Appends how `before` becomes `after`; they begin and end unlike.
void DiffUnlike(const Lines& before, const Lines& after, HunkLines& diff) {
  const auto take = [&](char op, std::string_view text) { diff.push_back({op, text}); };
  const std::size_t columns = after.size() + 1;
  std::size_t i = 0;
  std::size_t j = 0;
  if ((before.size() + 1) * columns <= kMostCells) {
    // common[i * columns + j]: most lines that the rests from i and from j have in common.
    std::vector<std::int32_t> common((before.size() + 1) * columns);
    for (std::size_t x = before.size(); x-- > 0;) {
      for (std::size_t y = after.size(); y-- > 0;) {
        common[x * columns + y] = before[x] == after[y] ? common[(x + 1) * columns + y + 1] + 1
                                                        : std::max(common[(x + 1) * columns + y],
                                                                   common[x * columns + y + 1]);
      }
    }
    while (i < before.size() && j < after.size()) {
      if (before[i] == after[j]) {
        take(' ', before[i]);
        ++i, ++j;
      } else if (common[(i + 1) * columns + j] >= common[i * columns + j + 1]) {
        take('-', before[i++]);
      } else {
        take('+', after[j++]);
      }
    }
  }
  while (i < before.size()) take('-', before[i++]);
  while (j < after.size()) take('+', after[j++]);
}

}  // namespace

std::optional<std::vector<Hunk>> ReadHunks(std::string_view answer) {
  std::vector<Hunk> hunks;
  const Lines lines = SplitLines(answer);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].starts_with(kOpening)) continue;
    const std::size_t begin = ++i;
    if (begin >= lines.size()) return std::nullopt;
    while (i < lines.size() && !lines[i].starts_with(kFence)) ++i;
    // Where nothing closes the fence, aider takes the last line for what does.
    if (i == lines.size()) --i;
    FenceReader reader(hunks);
    const auto at = [&](std::size_t n) { return lines.begin() + static_cast<std::ptrdiff_t>(n); };
    if (!reader.Read(Lines(at(begin), at(i)))) return std::nullopt;
  }
  // A path holds until another one comes.
  std::string last;
  for (Hunk& hunk : hunks) {
    if (hunk.path.empty()) hunk.path = last;
    last = hunk.path;
  }
  return hunks;
}

std::vector<std::string_view> Before(const HunkLines& lines) {
  Lines before;
  for (const HunkLine& line : lines) {
    if (line.op != '+') before.push_back(line.text);
  }
  return before;
}

std::vector<std::string_view> After(const HunkLines& lines) {
  Lines after;
  for (const HunkLine& line : lines) {
    if (line.op != '-') after.push_back(line.text);
  }
  return after;
}

HunkLines DiffOf(const Lines& before, const Lines& after) {
  HunkLines diff;
  std::size_t from = 0;
  const std::size_t shorter = std::min(before.size(), after.size());
  while (from < shorter && before[from] == after[from]) diff.push_back({' ', before[from++]});
  std::size_t same_at_end = 0;
  while (same_at_end < shorter - from &&
         before[before.size() - same_at_end - 1] == after[after.size() - same_at_end - 1]) {
    ++same_at_end;
  }
  const auto middle = [&](const Lines& lines) {
    return Lines(lines.begin() + static_cast<std::ptrdiff_t>(from),
                 lines.end() - static_cast<std::ptrdiff_t>(same_at_end));
  };
  DiffUnlike(middle(before), middle(after), diff);
  for (std::size_t i = same_at_end; i > 0; --i) diff.push_back({' ', before[before.size() - i]});
  return diff;
}

}  // namespace mom
