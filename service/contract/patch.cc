#include "service/contract/patch.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/contract/file_name.h"
#include "service/contract/search_replace.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

using Lines = std::vector<std::string_view>;

constexpr std::string_view kEnd = "*** End Patch";
constexpr std::string_view kUpdate = "*** Update File:";
constexpr std::string_view kDelete = "*** Delete File:";
constexpr std::string_view kAdd = "*** Add File:";
constexpr std::string_view kMove = "*** Move to: ";
constexpr std::string_view kEndOfFile = "*** End of File";

bool EndsAction(std::string_view line) {
  return line.starts_with(kEnd) || line.starts_with(kUpdate) || line.starts_with(kDelete) ||
         line.starts_with(kAdd);
}

// A change at a place of the file as it was: some of its lines, and what is in their place.
struct Change {
  std::size_t at = 0;
  Lines removed;
  Lines added;
};

struct Section {
  Lines context;                // with the removed lines
  std::vector<Change> changes;  // `at` counts from the context's first line
  bool at_end_of_file = false;
};

struct Update {
  std::string move_to;
  std::vector<Change> changes;
};

// Why a patch cannot be applied.
struct Failure {
  std::string why;
};
using MaybeFailure = std::optional<Failure>;

class PatchCheck {
 public:
  PatchCheck(std::string_view answer, Workspace& workspace)
      : answer_(answer), workspace_(workspace) {
    for (const std::string_view line : SplitLines(answer)) {
      lines_.push_back(WithoutBreak(line));
    }
  }

  Verdict Check() {
    const bool begins = lines_.size() > 1 && lines_[0].starts_with("*** Begin Patch");
    const bool looks_like_one =
        begins || std::any_of(lines_.begin(), lines_.end(), [](auto line) {
          return line.starts_with("@@") || (EndsAction(line) && !line.starts_with(kEnd));
        });
    if (!looks_like_one) return CheckedWithoutEdits(answer_);
    if (!begins) verdict_.Lower(0.8, "it does not begin with *** Begin Patch");
    at_ = begins ? 1 : 0;
    MaybeFailure failure = ReadActions();
    if (AtEnd()) verdict_.Lower(0.5, "it does not end with *** End Patch");
    if (!failure) failure = ApplyUpdates();
    if (failure) verdict_.Break(0.05, std::move(failure->why));
    return verdict_;
  }

 private:
  bool AtEnd() const { return at_ >= lines_.size(); }

  // The path after an action's name; nullopt: the line is none of those.
  static std::optional<std::string> PathAfter(std::string_view action, std::string_view line) {
    if (!line.starts_with(action) || line.size() == action.size() || line[action.size()] != ' ') {
      return std::nullopt;
    }
    return std::string(Strip(line.substr(action.size())));
  }

  MaybeFailure ReadActions() {
    while (!AtEnd() && lines_[at_] != kEnd) {
      const std::string_view line = lines_[at_++];
      MaybeFailure failure;
      if (const auto update = PathAfter(kUpdate, line)) {
        failure = ReadUpdate(*update);
      } else if (const auto gone = PathAfter(kDelete, line)) {
        failure = Delete(*gone);
      } else if (const auto added = PathAfter(kAdd, line)) {
        failure = ReadAdd(*added);
      } else if (!IsAllSpace(line)) {
        failure = Failure{"line " + std::to_string(at_) + " belongs to no file"};
      }
      if (failure) return failure;
    }
    if (updates_.empty() && actions_.empty()) {
      verdict_ = Verdict();
      verdict_.Lower(0.2, "the patch is empty");
    }
    return std::nullopt;
  }

  MaybeFailure ReadUpdate(const std::string& path) {
    std::string move_to;
    if (!AtEnd() && lines_[at_].starts_with(kMove)) {
      move_to = Strip(lines_[at_++].substr(kMove.size()));
      if (move_to.empty()) return Failure{ShownPath(path) + ": it is moved to nowhere"};
      if (!IsPlausiblePath(move_to)) {
        verdict_.Break(0.15, ShownPath(move_to) + ": no file could have that name");
      }
    }
    FileDraft* file = workspace_.Find(path);
    if (file == nullptr) return Failure{ShownPath(path) + ": that file is not in the conversation"};
    if (actions_.contains(path)) return Failure{ShownPath(path) + ": it has two actions"};
    if (workspace_.IsReadOnly(path)) {
      verdict_.Lower(0.5, ShownPath(path) + ": that file must not be edited");
    }
    if (updates_.contains(path)) verdict_.Lower(0.8, ShownPath(path) + ": it is updated twice");
    Update& update = updates_[path];
    if (!update.move_to.empty() && !move_to.empty() && update.move_to != move_to) {
      return Failure{ShownPath(path) + ": it is moved to two places"};
    }
    if (!move_to.empty()) update.move_to = move_to;
    return ReadSections(path, *file, update);
  }

  MaybeFailure ReadSections(const std::string& path, FileDraft& file, Update& update) {
    std::size_t from = 0;
    while (!AtEnd() && !EndsAction(lines_[at_])) {
      Lines scope;
      for (; !AtEnd() && lines_[at_].starts_with("@@"); ++at_) {
        const std::string_view name = Strip(lines_[at_].substr(2));
        if (!name.empty()) scope.push_back(name);
      }
      if (!scope.empty()) {
        const auto found = PlaceFrom(from, file, scope, Likeness::kEqualStripped);
        if (!found) {
          return Failure{ShownPath(path) + ": the @@ line of change " +
                         std::to_string(update.changes.size() + 1) + " is not in it"};
        }
        from = *found + scope.size();
      }
      Section section;
      if (MaybeFailure failure = ReadSection(path, section)) return failure;
      const auto place = FindContext(path, file, section, from);
      if (!place) {
        if (file.too_costly())
          return Failure{ShownPath(path) + ": the edits are too many to check"};
        return Failure{ShownPath(path) + ": the lines of change " +
                       std::to_string(update.changes.size() + 1) + " are not in it"};
      }
      for (Change& change : section.changes) {
        change.at += *place;
        update.changes.push_back(std::move(change));
      }
      from = *place + section.context.size();
    }
    return std::nullopt;
  }

  // Context, removed and added lines up to the next section or action.
  MaybeFailure ReadSection(const std::string& path, Section& section) {
    const std::size_t begin = at_;
    Change change;
    char last = ' ';
    const auto end_change = [&] {
      if (change.removed.empty() && change.added.empty()) return;
      change.at = section.context.size() - change.removed.size();
      section.changes.push_back(std::exchange(change, {}));
    };
    for (; !AtEnd(); ++at_) {
      const std::string_view line = lines_[at_];
      if (line.starts_with("@@") || EndsAction(line) || line.starts_with(kEndOfFile) ||
          line == "***") {
        break;
      }
      const bool blank = IsAllSpace(line);
      const char kind = blank && !line.starts_with(' ') ? ' ' : line[0];
      const std::string_view text = blank && !line.starts_with(' ') ? "" : line.substr(1);
      if (kind != ' ' && kind != '+' && kind != '-') {
        return Failure{ShownPath(path) + ": line " + std::to_string(at_ + 1) +
                       " of the patch has no mark before it"};
      }
      if (kind == ' ' && last != ' ') end_change();
      if (kind != '+') section.context.push_back(text);
      if (kind == '-') change.removed.push_back(text);
      if (kind == '+') {
        if (IsConflictMarker(text))
          verdict_.Break(0.2, ShownPath(path) + ": a conflict's markers are added");
        change.added.push_back(text);
      }
      last = kind;
    }
    end_change();
    if (!AtEnd() && lines_[at_] == kEndOfFile) {
      section.at_end_of_file = true;
      ++at_;
    } else if (at_ == begin) {
      return Failure{ShownPath(path) + ": a change has no lines"};
    }
    return std::nullopt;
  }

  static std::optional<std::size_t> PlaceFrom(std::size_t from, FileDraft& file, const Lines& lines,
                                              Likeness likeness) {
    for (const FileDraft::Line line : file.Find(lines, likeness)) {
      if (file.PlaceOf(line) >= from) return file.PlaceOf(line);
    }
    return std::nullopt;
  }

  std::optional<std::size_t> FindContext(const std::string& path, FileDraft& file,
                                         const Section& section, std::size_t from) {
    if (section.at_end_of_file && file.size() >= section.context.size()) {
      const std::size_t end = file.size() - section.context.size();
      if (const auto place = FindLines(path, file, section.context, end)) return place;
      verdict_.Lower(0.65, ShownPath(path) + ": lines that should be at its end are not there");
    }
    return FindLines(path, file, section.context, from);
  }

  std::optional<std::size_t> FindLines(const std::string& path, FileDraft& file, const Lines& lines,
                                       std::size_t from) {
    if (lines.empty()) return from;
    struct Way {
      Likeness likeness;
      double score;
    };
    static constexpr std::array<Way, 3> kWays = {{{Likeness::kEqual, 1},
                                                  {Likeness::kEqualStrippedRight, 0.85},
                                                  {Likeness::kEqualStripped, 0.7}}};
    for (const Way& way : kWays) {
      const auto place = PlaceFrom(from, file, lines, way.likeness);
      if (!place) continue;
      verdict_.Lower(way.score,
                     ShownPath(path) + ": its lines have other white space than the patch's");
      return place;
    }
    return std::nullopt;
  }

  MaybeFailure Delete(const std::string& path) {
    if (workspace_.Find(path) == nullptr && !actions_.contains(path)) {
      return Failure{ShownPath(path) + ": that file is not in the conversation"};
    }
    if (updates_.contains(path)) return Failure{ShownPath(path) + ": it has two actions"};
    const auto action = actions_.emplace(path, "delete").first;
    if (action->second != "delete") return Failure{ShownPath(path) + ": it has two actions"};
    gone_.push_back(path);
    return std::nullopt;
  }

  MaybeFailure ReadAdd(const std::string& path) {
    if (actions_.contains(path) || updates_.contains(path)) {
      return Failure{ShownPath(path) + ": it has two actions"};
    }
    actions_[path] = "add";
    if (workspace_.Find(path) != nullptr) return Failure{ShownPath(path) + ": it is there already"};
    if (!IsPlausiblePath(path))
      verdict_.Break(0.15, ShownPath(path) + ": no file could have that name");
    // aider 0.86 creates such a file before it looks whether there is one, and then refuses.
    verdict_.Lower(
        0.4, ShownPath(path) + ": some versions of aider refuse every file that a patch adds");
    Lines added;
    for (; !AtEnd() && !EndsAction(lines_[at_]); ++at_) {
      const std::string_view line = lines_[at_];
      if (!line.starts_with('+') && !IsAllSpace(line)) {
        return Failure{ShownPath(path) + ": line " + std::to_string(at_ + 1) +
                       " of the patch has no +"};
      }
      added.push_back(line.starts_with('+') ? line.substr(1) : std::string_view());
    }
    // As one text: where its last line is empty, that is its newline.
    if (added.size() > 1 && added.back().empty()) added.pop_back();
    workspace_.Create(path).AppendText(added);
    return std::nullopt;
  }

  MaybeFailure ApplyUpdates() {
    for (auto& [path, update] : updates_) {
      std::stable_sort(update.changes.begin(), update.changes.end(),
                       [](const Change& a, const Change& b) { return a.at < b.at; });
      FileDraft& file = *workspace_.Find(path);
      FileDraft::Line line = file.first();
      std::size_t at = 0;
      for (const Change& change : update.changes) {
        if (change.at < at) return Failure{ShownPath(path) + ": two changes overlap"};
        for (; at < change.at && line != FileDraft::kNone; ++at) line = file.next(line);
        FileDraft::Line after = line;
        for (std::size_t i = 0; i < change.removed.size(); ++i, ++at) after = file.next(after);
        file.Replace(line, change.removed.size(), change.added);
        line = after;
      }
      file.SetEndsWithBreak(true);
      if (update.changes.empty()) verdict_.Lower(0.6, ShownPath(path) + ": nothing changes");
      if (!update.move_to.empty()) Move(path, update.move_to);
    }
    for (const std::string& path : gone_) workspace_.Remove(path);
    return std::nullopt;
  }

  void Move(const std::string& path, const std::string& to) {
    const std::string text = workspace_.Find(path)->Text();
    FileDraft& target = workspace_.Create(to);
    const std::string_view kept = target.Keep(text);
    target.AppendText(SplitLines(kept));
    workspace_.Remove(path);
  }

  std::string_view answer_;
  Workspace& workspace_;
  Lines lines_;
  std::size_t at_ = 0;  // the line that is read next
  std::map<std::string, Update> updates_;
  std::map<std::string, std::string> actions_;  // what else is done to a path: "add", "delete"
  std::vector<std::string> gone_;
  Verdict verdict_;
};

}  // namespace

Verdict CheckPatch(std::string_view answer, Workspace& workspace) {
  return PatchCheck(answer, workspace).Check();
}

}  // namespace mom
