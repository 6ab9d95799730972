#include "service/contract/unified_diff.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "service/contract/file_name.h"
#include "service/contract/hunk.h"
#include "service/contract/kept_lines.h"
#include "service/contract/search_replace.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

using Lines = std::vector<std::string_view>;

enum class HunkFit { kUnique, kSeveral, kShifted, kInParts };

// Whether so little stands in the lines that a second place would make them say nothing.
bool AreTiny(const Lines& lines) {
  constexpr std::size_t kLeast = 10;
  std::size_t size = 0;
  for (const std::string_view line : lines) size += Strip(line).size();
  return size < kLeast;
}

// White space within a line that is otherwise empty does not count.
Lines WithEmptyBlanks(Lines lines) {
  for (std::string_view& line : lines) {
    if (IsAllSpace(line)) line = {};
  }
  return lines;
}

Lines WithoutBlankEnds(Lines lines) {
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  const auto first =
      std::find_if(lines.begin(), lines.end(), [](auto line) { return !line.empty(); });
  lines.erase(lines.begin(), first);
  return lines;
}

// A hunk as runs, by turns of kept lines and of changed ones, with kept ones first and last.
std::vector<HunkLines> Runs(const HunkLines& lines) {
  std::vector<HunkLines> runs(1);
  bool kept = true;
  for (const HunkLine& line : lines) {
    if ((line.op == ' ') != kept) {
      runs.emplace_back();
      kept = !kept;
    }
    runs.back().push_back(line);
  }
  if (!kept) runs.emplace_back();
  return runs;
}

// One hunk on one file.
class HunkCheck {
 public:
  HunkCheck(FileDraft& draft, const HunkLines& hunk) : draft_(draft), hunk_(hunk) {}

  // Applies it; nullopt: it does not apply.
  std::optional<HunkFit> Apply() {
    if (const auto way = ApplyAsOne(hunk_)) return way;
    const std::vector<HunkLines> runs = Runs(WithoutUnknownLines());
    for (std::size_t i = 2; i < runs.size(); i += 2) {
      if (!ApplyRun(runs[i - 2], runs[i - 1], runs[i])) return std::nullopt;
    }
    return HunkFit::kInParts;
  }

 private:
  // The hunk without those lines that it says are in the file and are not: what it keeps of them is
  // new. As it is, where that would leave too little of it.
  HunkLines WithoutUnknownLines() {
    const Lines before = Before(hunk_);
    const Lines kept = KeptLines(draft_, before);
    const bool too_few = 100 * kept.size() < 66 * before.size();
    return too_few || AreTiny(kept) ? hunk_ : DiffOf(kept, After(hunk_));
  }

  std::optional<HunkFit> ApplyAsOne(const HunkLines& hunk) {
    const Lines before = Before(hunk);
    if (before.empty() || AreAllSpace(before)) return std::nullopt;
    const Lines after = After(hunk);
    const Lines inner = WithoutBlankEnds(before);
    const auto equal = draft_.Find(before, Likeness::kEqualFromWithin);
    if (AreTiny(before) && equal.size() > 1) return std::nullopt;
    if (!equal.empty()) return Put(equal, before, after) ? HunkFit::kUnique : HunkFit::kSeveral;
    const auto trimmed = draft_.Find(inner, Likeness::kEqualFromWithin);
    if (!trimmed.empty()) {
      StripBlankEnds();
      Put(trimmed, inner, WithoutBlankEnds(after));
      return HunkFit::kShifted;
    }
    for (const bool trim : {false, true}) {
      const Lines& was = trim ? inner : before;
      const auto places = Apart(draft_.Find(was, Likeness::kSameSteps), was.size());
      // Where a line of white space ends with another break, aider's relative text has no way back.
      if (places.empty() || draft_.HasOddBlank()) continue;
      if (trim) StripBlankEnds();
      const Lines by = trim ? WithoutBlankEnds(after) : after;
      for (const FileDraft::Line place : places) PutShifted(place, was.size(), was[0], by);
      return HunkFit::kShifted;
    }
    return std::nullopt;
  }

  // Where aider leaves out the blank lines that a hunk begins and ends with, it does so with the
  // file's, too.
  void StripBlankEnds() {
    const auto strip = [this](const auto& end) {
      while (!draft_.empty() && draft_.text(end()).empty()) draft_.Replace(end(), 1, {});
    };
    strip([this] { return draft_.first(); });
    strip([this] { return draft_.previous(FileDraft::kNone); });
    draft_.SetEndsWithBreak(true);
  }

  // Those of the places, in the file's order, that are all changed: of two that overlap, the first.
  std::vector<FileDraft::Line> Apart(const std::vector<FileDraft::Line>& places,
                                     std::size_t size) const {
    FileDraft::Line end = FileDraft::kNone;  // the first one after the place before
    std::vector<FileDraft::Line> apart;
    for (const FileDraft::Line place : places) {
      FileDraft::Line line = apart.empty() ? end : apart.back();
      while (line != end && line != place) line = draft_.next(line);
      if (line != end) continue;
      apart.push_back(place);
      end = place;
      for (std::size_t i = 0; i < size; ++i) end = draft_.next(end);
    }
    return apart;
  }

  // Whether there was one place only. aider changes them all.
  bool Put(const std::vector<FileDraft::Line>& places, const Lines& was, const Lines& by) {
    for (const FileDraft::Line place : Apart(places, was.size())) {
      draft_.ReplaceText(place, was, by);
    }
    return places.size() == 1;
  }

  // Puts `by` in the place of `size` lines, and in by as much as the first of them is further in
  // than `first`.
  void PutShifted(FileDraft::Line place, std::size_t size, std::string_view first,
                  const Lines& by) {
    const auto indent_of = [](std::string_view line) {
      return line.size() - StripLeft(line).size();
    };
    const std::string_view have = draft_.text(place);
    const std::size_t has = indent_of(have);
    const std::size_t shift = has - std::min(has, indent_of(first));
    Lines lines;
    for (const std::string_view line : by) {
      const bool blank = IsAllSpace(line);
      lines.push_back(blank ? line
                            : draft_.Keep(std::string(have.substr(0, shift)) + std::string(line)));
    }
    draft_.Replace(place, size, lines);
  }

  // The changed lines with as much of what is kept around them as is in the file.
  bool ApplyRun(const HunkLines& kept_before, const HunkLines& changed,
                const HunkLines& kept_after) {
    const std::size_t all = kept_before.size() + kept_after.size();
    for (std::size_t use = all + 1; use-- > 0;) {
      for (std::size_t front = std::min(use, kept_before.size()) + 1; front-- > 0;) {
        if (use - front > kept_after.size()) break;
        if (++tries_ > kMostTries) return false;
        HunkLines part(kept_before.end() - static_cast<std::ptrdiff_t>(front), kept_before.end());
        part.insert(part.end(), changed.begin(), changed.end());
        part.insert(part.end(), kept_after.begin(),
                    kept_after.begin() + static_cast<std::ptrdiff_t>(use - front));
        if (ApplyAsOne(part)) return true;
      }
    }
    return false;
  }

  static constexpr int kMostTries = 400;

  FileDraft& draft_;
  const HunkLines& hunk_;
  int tries_ = 0;
};

// All hunks of one answer.
class HunkSet {
 public:
  explicit HunkSet(Workspace& workspace) : workspace_(workspace) {}

  Verdict Check(std::string_view answer) {
    std::optional<std::vector<Hunk>> hunks = ReadHunks(answer);
    if (!hunks) {
      verdict_.Break(0, "a diff has its file's name in the wrong place");
      return verdict_;
    }
    if (hunks->empty()) return CheckedWithoutEdits(answer);
    std::set<std::string> done;
    for (Hunk& hunk : *hunks) {
      ++number_;
      hunk.lines = DiffOf(WithEmptyBlanks(Before(hunk.lines)), WithEmptyBlanks(After(hunk.lines)));
      const bool changes = std::any_of(hunk.lines.begin(), hunk.lines.end(),
                                       [](const HunkLine& line) { return line.op != ' '; });
      std::string all = hunk.path + '\n';
      for (const HunkLine& line : hunk.lines) (all += line.op).append(line.text) += '\n';
      if (hunk.in_open_fence) verdict_.Lower(0.5, Why(hunk, "its fence is not closed"));
      if (changes && done.insert(std::move(all)).second) Apply(hunk);
    }
    if (done.empty()) verdict_.Lower(0.2, "its hunks change nothing");
    return verdict_;
  }

 private:
  std::string Why(const Hunk& hunk, const char* why) const {
    return "hunk " + std::to_string(number_) + " (" + ShownPath(hunk.path) + "): " + why;
  }

  void Apply(const Hunk& hunk) {
    if (hunk.path.empty()) {
      verdict_.Break(0, "hunk " + std::to_string(number_) + " names no file");
      return;
    }
    FileDraft* draft = workspace_.Find(hunk.path);
    const Lines before = Before(hunk.lines);
    const Lines after = After(hunk.lines);
    if (draft == nullptr) {
      if (!IsPlausiblePath(hunk.path)) {
        verdict_.Break(0.15, Why(hunk, "no file could have that name"));
      }
      draft = &workspace_.Create(hunk.path);
      if (!AreAllSpace(before)) {
        verdict_.Break(0.1, Why(hunk, "that file is not in the conversation"));
        return;
      }
    }
    if (workspace_.IsReadOnly(hunk.path)) {
      verdict_.Lower(0.5, Why(hunk, "that file must not be edited"));
    }
    for (const HunkLine& line : hunk.lines) {
      if (line.op == '+' && IsConflictMarker(line.text)) {
        verdict_.Break(0.2, Why(hunk, "it adds a conflict's markers"));
      }
    }
    if (AreAllSpace(before)) {
      // aider appends nothing, and fails on what is then an empty file.
      if (after.empty() && draft->empty()) verdict_.Break(0.05, Why(hunk, "it adds nothing"));
      if (after.empty()) return verdict_.Lower(0.5, Why(hunk, "it changes nothing"));
      if (!draft->empty()) verdict_.Lower(0.75, Why(hunk, "it has no lines to find its place by"));
      draft->AppendText(after);
      return;
    }
    const std::optional<HunkFit> way = HunkCheck(*draft, hunk.lines).Apply();
    if (!way) {
      const char* why = workspace_.too_costly() ? "the edits are too many to check"
                                                : "its lines are not in the file";
      verdict_.Break(0.05, Why(hunk, why));
    } else if (*way == HunkFit::kSeveral) {
      verdict_.Lower(0.75, Why(hunk, "its lines stand in several places, and all would change"));
    } else if (*way == HunkFit::kShifted) {
      verdict_.Lower(0.7, Why(hunk, "its lines have other white space than the file's"));
    } else if (*way == HunkFit::kInParts) {
      verdict_.Lower(0.6, Why(hunk, "it applies only in parts, with less of its context"));
    }
  }

  Workspace& workspace_;
  std::size_t number_ = 0;
  Verdict verdict_;
};

}  // namespace

Verdict CheckUnifiedDiff(std::string_view answer, Workspace& workspace) {
  return HunkSet(workspace).Check(answer);
}

}  // namespace mom
