#include "service/contract/hunk.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "service/contract/text_lines.h"

namespace mom {
namespace {

using Lines = std::vector<std::string_view>;

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
    if (!lines_.empty()) hunk.text = std::string_view(lines_.front().data(), lines_.back().end());
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

using Span = std::span<const std::string_view>;

// The longest run of lines that both have: of several the one that begins first in `before`, then
// in `after`.
struct Run {
  std::size_t size = 0;
  std::size_t before = 0;
  std::size_t after = 0;
};

Run LongestRun(Span before, Span after) {
  Run best;
  // lengths[j + 1]: how long the run is that ends at before[i] and after[j].
  std::vector<std::size_t> lengths(after.size() + 1);
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (std::size_t j = after.size(); j-- > 0;) {
      lengths[j + 1] = before[i] == after[j] ? lengths[j] + 1 : 0;
      const Run run = {lengths[j + 1], i + 1 - lengths[j + 1], j + 1 - lengths[j + 1]};
      const bool is_earlier = run.before == best.before && run.after < best.after;
      if (run.size > best.size || (run.size > 0 && run.size == best.size && is_earlier)) best = run;
    }
  }
  return best;
}

// Appends how `before` becomes `after`.
void Diff(Span before, Span after, HunkLines& diff) {
  const auto append = [&](char op, Span lines) {
    for (const std::string_view line : lines) diff.push_back({op, line});
  };
  Run run;
  if (before.size() * after.size() <= kMostCells) run = LongestRun(before, after);
  if (run.size == 0) {
    append('-', before);
    append('+', after);
    return;
  }
  Diff(before.first(run.before), after.first(run.after), diff);
  append(' ', before.subspan(run.before, run.size));
  Diff(before.subspan(run.before + run.size), after.subspan(run.after + run.size), diff);
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
    const bool open = i == lines.size();
    if (open) --i;
    const std::size_t before = hunks.size();
    FenceReader reader(hunks);
    const auto at = [&](std::size_t n) { return lines.begin() + static_cast<std::ptrdiff_t>(n); };
    if (!reader.Read(Lines(at(begin), at(i)))) return std::nullopt;
    for (std::size_t n = before; n < hunks.size(); ++n) hunks[n].in_open_fence = open;
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
  if (before.size() * after.size() <= kMostCells) {
    Diff(before, after, diff);
    return diff;
  }
  const auto [from, from_after] =
      std::mismatch(before.begin(), before.end(), after.begin(), after.end());
  for (auto line = before.begin(); line != from; ++line) diff.push_back({' ', *line});
  const auto [to, to_after] = std::mismatch(before.rbegin(), std::make_reverse_iterator(from),
                                            after.rbegin(), std::make_reverse_iterator(from_after));
  Diff(Span(from, to.base()), Span(from_after, to_after.base()), diff);
  for (auto line = to.base(); line != before.end(); ++line) diff.push_back({' ', *line});
  return diff;
}

}  // namespace mom
