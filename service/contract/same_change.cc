#include "service/contract/same_change.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "service/contract/file_name.h"
#include "service/contract/hunk.h"
#include "service/contract/text_lines.h"
#include "service/contract/whole_file.h"

namespace mom {
namespace {

using Lines = std::vector<std::string_view>;
using Difference = Lines::difference_type;

bool AreAlike(std::string_view a, std::string_view b) { return NameLikeness(a, b) >= 0.8; }

Lines Trimmed(const Lines& lines) {
  Lines trimmed;
  for (const std::string_view line : lines) trimmed.push_back(StripRight(line));
  return trimmed;
}

bool Stands(IndexedFile& file, const Lines& lines) {
  return !file.draft.Find(lines, Likeness::kEqualStrippedRight).empty();
}

// A line of a text after a change, and whether it is new.
struct After {
  std::string_view text;
  bool is_new;
};

// What a change makes of the lines that it names.
struct ChangedLines {
  explicit ChangedLines(const EditBlock& edit) {
    for (const HunkLine& line : DiffOf(Trimmed(edit.before), Trimmed(edit.after))) {
      if (line.op == '-') {
        removed.push_back(line.text);
      } else {
        after.push_back({line.text, line.op == '+'});
      }
    }
  }
  std::vector<After> after;
  Lines removed;
};

Lines TextsOf(const std::vector<After>& lines) {
  Lines texts;
  for (const After& line : lines) texts.push_back(line.text);
  return texts;
}

// One look at what `sound` makes of the file beside what `broken` wants.
class Comparison {
 public:
  Comparison(IndexedFile& file, std::size_t at, const EditBlock& sound, const EditBlock& broken)
      : file_(file), sound_(sound), broken_(broken), removed_(broken_.removed) {
    const Lines& lines = file.text.lines();
    const std::size_t margin = broken.before.size();
    const std::size_t sound_end = at + sound.before.size();
    for (std::size_t i = at - std::min(at, margin); i < at; ++i) AddOwn(lines[i]);
    outcome_.insert(outcome_.end(), sound_.after.begin(), sound_.after.end());
    const std::size_t end = std::min(lines.size(), sound_end + margin);
    for (std::size_t i = sound_end; i < end; ++i) AddOwn(lines[i]);
  }

  bool AreTheSame() {
    const bool adds = std::any_of(sound_.after.begin(), sound_.after.end(),
                                  [](const After& line) { return line.is_new; });
    if (!adds && sound_.removed.empty()) return false;  // it changes nothing
    return RemovesTheSame() && ReadsTheSame() && removed_.empty();
  }

 private:
  void AddOwn(std::string_view line) { outcome_.push_back({StripRight(line), false}); }

  // Takes a line out of those that `broken` takes away: that one, or one much like it that is not
  // in the file.
  bool TakeRemoved(std::string_view line) {
    auto found = std::find(removed_.begin(), removed_.end(), line);
    if (found == removed_.end()) {
      found = std::find_if(removed_.begin(), removed_.end(), [&](std::string_view one) {
        return AreAlike(one, line) && !Stands(file_, {one});
      });
    }
    if (found == removed_.end()) return false;
    removed_.erase(found);
    return true;
  }

  bool RemovesTheSame() {
    return std::all_of(sound_.removed.begin(), sound_.removed.end(),
                       [this](std::string_view line) { return TakeRemoved(line); });
  }

  // Whether one of the two takes such a line away: then there were two, and who knows which goes.
  bool IsTakenAway(std::string_view line) const {
    const auto has = [&](const Lines& lines) {
      return std::find(lines.begin(), lines.end(), line) != lines.end();
    };
    return has(sound_.removed) || has(broken_.removed);
  }

  // What `broken` wants and the outcome has between two lines that both have.
  struct Gap {
    Lines wanted;
    Lines have;
    bool after_new = false;  // whether the line before it is new
    bool is_first = true;    // there is none before it
  };

  bool ReadsTheSame() {
    auto wanted = broken_.after.begin();
    auto have = outcome_.begin();
    Gap gap;
    for (const HunkLine& line : DiffOf(TextsOf(broken_.after), TextsOf(outcome_))) {
      if (line.op == '-') {
        if (wanted->is_new || Stands(file_, {wanted->text})) return false;
        gap.wanted.push_back((wanted++)->text);
      } else if (line.op == '+') {
        if (have->is_new || IsTakenAway(have->text)) return false;
        gap.have.push_back((have++)->text);
      } else {
        if (!IsSurroundings(gap, have->is_new, false)) return false;
        gap = {{}, {}, have->is_new, false};
        if (have->is_new && !wanted->is_new) return false;
        // New to `broken` only: it takes what it remembers badly of that line away.
        const bool is_mended = wanted->is_new && !have->is_new;
        if (is_mended && !TakeRemoved(have->text)) return false;
        ++wanted;
        ++have;
      }
    }
    return IsSurroundings(gap, false, true);
  }

  // Whether a gap is only of lines that `broken` does not remember well or leaves out, and leaves
  // no doubt where the new lines beside it belong.
  static bool IsSurroundings(const Gap& gap, bool before_new, bool is_last) {
    if (gap.wanted.empty()) {
      const bool is_edge = gap.is_first || is_last;
      return gap.have.empty() || is_edge || (!gap.after_new && !before_new);
    }
    if (gap.wanted.size() > gap.have.size()) return false;
    return (!gap.after_new || AreAlike(gap.wanted.front(), gap.have.front())) &&
           (!before_new || AreAlike(gap.wanted.back(), gap.have.back()));
  }

  IndexedFile& file_;
  const ChangedLines sound_;
  const ChangedLines broken_;
  std::vector<After> outcome_;  // the lines of `sound` and those around, once it is applied
  Lines removed_;               // by `broken`, and not yet seen to be so by `sound`
};

bool IsGap(IndexedFile& file, std::string_view line) {
  return StandsForOthers(line) && !Stands(file, {line});
}

// Whether those lines stand in the file: from its start where `first`, to its end where `last`.
bool Stands(IndexedFile& file, const Lines& lines, bool first, bool last) {
  if (lines.empty()) return false;
  const auto places = file.draft.Find(lines, Likeness::kEqualStrippedRight);
  return std::any_of(places.begin(), places.end(), [&](FileDraft::Line line) {
    const std::size_t place = file.draft.PlaceOf(line);
    return (!first || place == 0) && (!last || place + lines.size() == file.text.lines().size());
  });
}

}  // namespace

MeantChange::MeantChange(IndexedFile& file, const EditBlock& broken)
    : file_(file), broken_(broken) {
  const Lines before = Trimmed(broken.before);
  for (std::size_t i = 0; i < before.size();) {
    Lines run;
    std::vector<FileDraft::Line> places;
    for (std::size_t end = i; end < before.size(); ++end) {
      run.push_back(before[end]);
      auto found = file.draft.Find(run, Likeness::kEqualStrippedRight);
      if (found.empty()) {
        run.pop_back();
        break;
      }
      places = std::move(found);
    }
    i += std::max<std::size_t>(run.size(), 1);
    if (places.size() != 1 || std::all_of(run.begin(), run.end(), IsAllSpace)) continue;
    const std::size_t at = file.draft.PlaceOf(places.front());
    signs_.push_back({at, at + run.size()});
  }
}

bool MeantChange::AimsAt(std::size_t at, std::size_t count) const {
  const std::size_t margin = broken_.before.size();
  return !signs_.empty() && std::all_of(signs_.begin(), signs_.end(), [&](const Sign& sign) {
    return sign.at + margin >= at && sign.end <= at + count + margin;
  });
}

bool MeantChange::IsMadeBy(const EditBlock& sound, std::size_t at) const {
  return Comparison(file_, at, sound, broken_).AreTheSame();
}

bool HasGaps(IndexedFile& file, const EditBlock& listing) {
  return std::any_of(listing.after.begin(), listing.after.end(),
                     [&](std::string_view line) { return IsGap(file, line); });
}

bool FillsTheGaps(IndexedFile& file, const EditBlock& sound, const EditBlock& broken) {
  if (HasGaps(file, sound)) return false;
  const Lines full = Trimmed(sound.after);
  std::vector<Lines> runs(1);  // of the lines between the gaps
  for (const std::string_view line : broken.after) {
    if (IsGap(file, line)) {
      runs.emplace_back();
    } else {
      runs.back().push_back(StripRight(line));
    }
  }
  std::size_t done = 0;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Lines& run = runs[i];
    const bool is_first = i == 0;
    const bool is_last = i + 1 == runs.size();
    if (run.empty() && !is_first && !is_last) return false;
    // Where the run is next, with nothing but the file's own lines before it.
    const auto fits = [&](std::size_t at) {
      const auto line = [&](std::size_t n) { return full.begin() + static_cast<Difference>(n); };
      if (!std::equal(run.begin(), run.end(), line(at))) return false;
      const std::size_t from = done - (done == 0 ? 0 : 1);
      const std::size_t to = at + (run.empty() ? 0 : 1);
      return is_first || Stands(file, Lines(line(from), line(to)), done == 0, run.empty());
    };
    if (run.size() > full.size() - done) return false;
    const std::size_t latest = full.size() - run.size();
    std::size_t at = is_last ? latest : done;
    while (!fits(at)) {
      if (is_first || ++at > latest) return false;
    }
    done = at + run.size();
  }
  return true;
}

}  // namespace mom
