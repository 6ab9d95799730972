#include "service/contract/search_replace.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "service/contract/file_name.h"
#include "service/contract/search_block.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

using Lines = std::vector<std::string_view>;

// The ways in which a block may apply, the best first.
enum class Way { kUnique, kFirstOfSeveral, kAppended, kWithoutFirstBlank, kShifted, kElided };

struct WayScore {
  double score;
  const char* why;
};

WayScore ScoreOf(Way way) {
  switch (way) {
    case Way::kUnique:
      return {1, ""};
    case Way::kFirstOfSeveral:
      return {0.8, "its SEARCH lines stand in several places, of which the first is taken"};
    case Way::kAppended:
      return {0.75, "it has no SEARCH lines and is put at the file's end"};
    case Way::kWithoutFirstBlank:
      return {0.75, "its SEARCH lines begin with a blank line too much"};
    case Way::kShifted:
      return {0.7, "its SEARCH lines are indented in another way than the file's"};
    case Way::kElided:
      return {0.6, "it leaves lines out with `...`"};
  }
  return {0, ""};
}

// What of a block's lines counts: a fence around them does not, nor a name above it. nullopt where
// aider fails on them.
std::optional<Lines> Unwrapped(const Lines& raw, std::string_view path, const Fence& fence) {
  Lines lines;
  for (const std::string_view line : raw) lines.push_back(WithoutBreak(line));
  if (lines.empty()) return lines;
  if (Strip(lines.front()).ends_with(BaseName(path))) lines.erase(lines.begin());
  if (lines.empty()) return std::nullopt;
  if (lines.front().starts_with(fence.open) && lines.back().starts_with(fence.close)) {
    lines.erase(lines.begin());
    if (!lines.empty()) lines.pop_back();
  }
  // Python's split and join lose it.
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

// The pieces between lines of "...", and those lines with the blank ones before them.
struct Pieces {
  std::vector<Lines> pieces;
  std::vector<Lines> dots;
};

Pieces SplitAtDots(const Lines& lines) {
  Pieces split;
  Lines piece;
  for (const std::string_view line : lines) {
    piece.push_back(line);
    if (StripLeft(line) != "...") continue;
    Lines dots;
    do {
      dots.push_back(piece.back());
      piece.pop_back();
    } while (!piece.empty() && IsAllSpace(piece.back()));
    split.dots.push_back(std::move(dots));
    split.pieces.push_back(std::exchange(piece, {}));
  }
  split.pieces.push_back(std::move(piece));
  return split;
}

// One block on one file.
class Replacement {
 public:
  Replacement(FileDraft& draft, const Lines& search, const Lines& replace)
      : draft_(draft), search_(search), replace_(replace) {}

  // How it applies; nullopt: it does not. Only where `write`, the draft is changed.
  std::optional<Way> Apply(bool write) {
    write_ = write;
    if (AreAllSpace(search_)) return Append();
    if (const auto way = Match(search_)) return way;
    if (search_.size() > 2 && IsAllSpace(search_.front())) {
      if (Match(Lines(search_.begin() + 1, search_.end()))) return Way::kWithoutFirstBlank;
    }
    return Elided();
  }

  // Applies it where its lines are in the file as it was at first, still together; nullopt: they
  // are not, or it is not that simple.
  std::optional<Way> ApplyAtOnce() {
    if (AreAllSpace(search_)) return std::nullopt;
    const std::vector<FileDraft::Line> equal = draft_.Find(search_, Likeness::kEqual, 2);
    if (equal.empty() || !draft_.StoodTogether(equal.front(), search_.size())) return std::nullopt;
    write_ = true;
    return PutEqual(equal, search_);
  }

 private:
  std::optional<Way> Append() {
    if (replace_.empty() && draft_.empty()) return std::nullopt;
    const Way way = draft_.empty() ? Way::kUnique : Way::kAppended;
    if (write_) draft_.AppendText(replace_);
    return way;
  }

  std::optional<Way> Match(const Lines& search) {
    const std::vector<FileDraft::Line> equal = draft_.Find(search, Likeness::kEqual, 2);
    return equal.empty() ? MatchShifted(search) : PutEqual(equal, search);
  }

  std::optional<Way> PutEqual(const std::vector<FileDraft::Line>& places, const Lines& search) {
    // To aider a file that would end up empty is one that was not edited.
    if (search.size() == draft_.size() && replace_.empty()) return std::nullopt;
    Put(places.front(), search.size(), replace_);
    return places.size() == 1 ? Way::kUnique : Way::kFirstOfSeveral;
  }

  std::optional<Way> MatchShifted(const Lines& search) {
    std::size_t indent = std::string_view::npos;
    for (const Lines* lines : {&search, &replace_}) {
      for (const std::string_view line : *lines) {
        if (IsAllSpace(line)) continue;
        indent = std::min(indent, line.size() - StripLeft(line).size());
      }
    }
    const auto outdented = [&](Lines lines) {
      for (std::string_view& line : lines) {
        if (!IsAllSpace(line)) line.remove_prefix(indent);
      }
      return lines;
    };
    const Lines wanted = outdented(search);
    const std::vector<FileDraft::Line> found = draft_.Find(wanted, Likeness::kShifted, 1);
    if (found.empty()) return std::nullopt;
    if (search.size() == draft_.size() && replace_.empty()) return std::nullopt;
    FileDraft::Line line = found.front();
    std::size_t solid = 0;
    for (; IsAllSpace(wanted[solid]); ++solid) line = draft_.next(line);
    const std::string_view have = draft_.text(line);
    const std::string shift(have.substr(0, have.size() - wanted[solid].size()));
    Lines replace = outdented(replace_);
    for (std::string_view& text : replace) {
      if (write_ && !IsAllSpace(text)) text = draft_.Keep(shift + std::string(text));
    }
    Put(found.front(), search.size(), replace);
    return Way::kShifted;
  }

  std::optional<Way> Elided() {
    const Pieces search = SplitAtDots(search_);
    const Pieces replace = SplitAtDots(replace_);
    if (search.dots.empty() || search.dots != replace.dots) return std::nullopt;
    for (std::size_t i = 0; i < search.pieces.size(); ++i) {
      const Lines& was = search.pieces[i];
      const Lines& by = replace.pieces[i];
      if (was.empty()) {
        if (write_ && !by.empty()) {
          draft_.SetEndsWithBreak(true);
          draft_.AppendText(by);
        }
        continue;
      }
      const std::vector<FileDraft::Line> found = draft_.Find(was, Likeness::kEqualFromWithin);
      if (found.size() != 1) return std::nullopt;
      if (write_) draft_.ReplaceText(found.front(), was, by);
    }
    if (write_) draft_.SetEndsWithBreak(true);
    return Way::kElided;
  }

  void Put(FileDraft::Line first, std::size_t count, const Lines& lines) {
    if (!write_) return;
    draft_.SetEndsWithBreak(true);
    draft_.Replace(first, count, lines);
  }

  FileDraft& draft_;
  const Lines& search_;
  const Lines& replace_;
  bool write_ = false;
};

// All blocks of one answer.
class BlockSet {
 public:
  explicit BlockSet(Workspace& workspace) : workspace_(workspace) {}

  Verdict Check(std::string_view answer) {
    const Fence& fence = workspace_.chat().fence;
    SearchBlockReader reader(answer, fence, workspace_.editable());
    for (; std::optional<SearchBlock> block = reader.Next(); ++at_) {
      blocks_.push_back(std::move(*block));
      if (blocks_[at_].path_is_guessed) Lower(0.85, "the file's name is guessed");
      if (blocks_[at_].ends_with_divider)
        Lower(0.7, "it ends with ======= and not >>>>>>> REPLACE");
    }
    if (!reader.error().empty()) {
      verdict_.Break(0, Label() + ": " + reader.error());
      return verdict_;
    }
    if (blocks_.empty()) return CheckedWithoutEdits(answer);
    if (!reader.fences_balance()) verdict_.Lower(0.9, "a fence is not closed");
    if (ApplyAllAtOnce()) return verdict_;
    FindFiles();
    for (at_ = 0; at_ < blocks_.size(); ++at_) ApplyBlock();
    return verdict_;
  }

 private:
  std::string Label() const { return "block " + std::to_string(at_ + 1); }
  std::string Why(std::string_view why) const {
    return Label() + " (" + ShownPath(blocks_[at_].path) + "): " + std::string(why);
  }
  void Lower(double to, std::string_view why) {
    if (to < verdict_.score) verdict_.Lower(to, Why(why));
  }

  enum class Trial { kLook, kWrite, kWriteAtOnce };

  std::optional<Way> Try(std::string_view path, const SearchBlock& block, Trial trial) {
    FileDraft* draft = workspace_.Find(path);
    if (draft == nullptr) return std::nullopt;
    const Fence& fence = workspace_.chat().fence;
    const std::optional<Lines> search = Unwrapped(block.search, path, fence);
    const std::optional<Lines> replace = Unwrapped(block.replace, path, fence);
    if (!search || !replace) return std::nullopt;
    Replacement replacement(*draft, *search, *replace);
    if (trial == Trial::kWriteAtOnce) return replacement.ApplyAtOnce();
    return replacement.Apply(trial == Trial::kWrite);
  }

  // The usual case, in one pass: each block's lines are in the file that it names, and no block
  // before it made them so. False: it is not that simple, and nothing is done.
  bool ApplyAllAtOnce() {
    const Verdict before = verdict_;
    applies_at_first_.assign(blocks_.size(), true);
    for (at_ = 0; at_ < blocks_.size(); ++at_) {
      const std::optional<Way> way = Try(blocks_[at_].path, blocks_[at_], Trial::kWriteAtOnce);
      if (!way) {
        workspace_.Undo();
        verdict_ = before;
        return false;
      }
      Judge(*way);
    }
    return true;
  }

  // The block's file, or where it does not apply there, another one of the conversation.
  std::optional<Way> TryAnywhere(SearchBlock& block, Trial trial) {
    if (const auto way = Try(block.path, block, trial)) return way;
    if (AreAllSpace(block.search)) return std::nullopt;
    for (const std::string& other : workspace_.editable()) {
      if (other == block.path) continue;
      if (const auto way = Try(other, block, trial)) {
        Lower(0.8, "its SEARCH lines are those of another file, " + other);
        block.path = other;
        return way;
      }
    }
    return std::nullopt;
  }

  // As aider does: each block is first tried on the files as they are, to know which ones it means;
  // those that are not there are then created.
  void FindFiles() {
    for (at_ = 0; at_ < blocks_.size(); ++at_) {
      applies_at_first_[at_] = TryAnywhere(blocks_[at_], Trial::kLook).has_value();
    }
    for (at_ = 0; at_ < blocks_.size(); ++at_) {
      const SearchBlock& block = blocks_[at_];
      if (workspace_.Find(block.path) != nullptr) continue;
      created_.insert(block.path);
      workspace_.Create(block.path);
      if (!IsPlausiblePath(block.path)) {
        verdict_.Break(0.15, Why("no file could have that name"));
      }
    }
  }

  void ApplyBlock() {
    SearchBlock& block = blocks_[at_];
    const std::optional<Way> way = TryAnywhere(block, Trial::kWrite);
    if (!way) {
      if (workspace_.too_costly()) {
        verdict_.Break(0.05, Why("the edits are too many to check"));
      } else if (created_.contains(block.path)) {
        verdict_.Break(0.1, Why("that file is not in the conversation"));
      } else {
        verdict_.Break(0.05, Why("its SEARCH lines are not in the file"));
      }
      return;
    }
    Judge(*way);
  }

  // Of the block that was just applied.
  void Judge(Way way) {
    const SearchBlock& block = blocks_[at_];
    const WayScore score = ScoreOf(way);
    Lower(score.score, score.why);
    if (!applies_at_first_[at_] && !created_.contains(block.path)) {
      Lower(0.65, "it edits what a block before it wrote");
    }
    if (block.search == block.replace) Lower(0.6, "it changes nothing");
    if (workspace_.IsReadOnly(block.path)) Lower(0.5, "that file must not be edited");
    const auto conflict =
        std::find_if(block.replace.begin(), block.replace.end(), IsConflictMarker);
    const bool new_conflict =
        conflict != block.replace.end() &&
        std::find(block.search.begin(), block.search.end(), *conflict) == block.search.end();
    if (new_conflict) verdict_.Break(0.2, Why("it leaves a conflict's markers in the file"));
  }

  Workspace& workspace_;
  std::vector<SearchBlock> blocks_;
  std::vector<bool> applies_at_first_;
  std::set<std::string> created_;
  std::size_t at_ = 0;  // the block that is being read, tried or applied
  Verdict verdict_;
};

}  // namespace

bool IsConflictMarker(std::string_view line) {
  line = StripRight(line);
  for (const std::string_view mark : {"<<<<<<<", ">>>>>>>"}) {
    if (line == mark || (line.starts_with(mark) && line[mark.size()] == ' ')) return true;
  }
  return false;
}

Verdict CheckedWithoutEdits(std::string_view answer) {
  Verdict verdict;
  verdict.edits_nothing = true;
  const bool has_code = answer.find("\n```") != std::string_view::npos || answer.starts_with("```");
  if (has_code) {
    verdict.Lower(0.2, "it edits nothing, though it shows code");
  } else {
    verdict.Lower(0.3, "it edits nothing");
  }
  return verdict;
}

Verdict CheckSearchReplace(std::string_view answer, Workspace& workspace) {
  return BlockSet(workspace).Check(answer);
}

}  // namespace mom
