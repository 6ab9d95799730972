#include "service/contract/whole_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "service/contract/file_name.h"
#include "service/contract/search_replace.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

// Where a listing's name comes from, the surest first: the line before it; a word in the text;
// there being one file only.
enum class Source { kLineBefore, kText, kOnlyFile };

struct Listing {
  std::string path;
  Source source = Source::kLineBefore;
  bool path_is_guessed = false;
  bool closed = true;
  std::vector<std::string_view> lines;
};

class ListingReader {
 public:
  ListingReader(std::string_view answer, const Fence& fence, const std::vector<std::string>& known)
      : fence_(fence), known_(known), lines_(SplitLines(answer)) {}

  // Nothing where aider refuses them all: a listing that no file can be found for.
  std::optional<std::vector<Listing>> Read() {
    std::vector<Listing> listings;
    bool open = false;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      const std::string_view line = lines_[i];
      if (line.starts_with(fence_.open) || line.starts_with(fence_.close)) {
        open = !open;
        if (open) {
          listings.push_back(Open(i));
          if (listings.back().path.empty()) return std::nullopt;
        } else {
          listings.back().closed = true;
          named_in_text_.clear();
        }
      } else if (open) {
        listings.back().lines.push_back(line);
      } else {
        LookForName(line);
      }
    }
    return listings;
  }

 private:
  bool IsKnown(std::string_view path) const {
    return std::find(known_.begin(), known_.end(), path) != known_.end();
  }

  Listing Open(std::size_t at) const {
    constexpr std::size_t kLongestName = 250;
    Listing listing;
    listing.closed = false;
    std::string_view name = at == 0 ? std::string_view() : Strip(lines_[at - 1]);
    const auto strip = [&](char c, bool left, bool right) {
      while (left && name.starts_with(c)) name.remove_prefix(1);
      while (right && name.ends_with(c)) name.remove_suffix(1);
    };
    strip('*', true, true);
    strip(':', false, true);
    strip('`', true, true);
    strip('#', true, false);
    name = Strip(name);
    if (name.size() > kLongestName) name = {};
    if (!name.empty()) {
      const std::string_view base = BaseName(name);
      listing.path_is_guessed = !IsKnown(name) && IsKnown(base);
      listing.path = listing.path_is_guessed ? base : name;
    } else if (!named_in_text_.empty()) {
      listing.path = named_in_text_;
      listing.source = Source::kText;
    } else if (known_.size() == 1) {
      listing.path = known_[0];
      listing.source = Source::kOnlyFile;
    }
    return listing;
  }

  // A known file's name as a word between backticks.
  void LookForName(std::string_view line) {
    while (!line.empty()) {
      line = StripLeft(line);
      const std::size_t end = line.find_first_of(" \t");
      std::string_view word = line.substr(0, end);
      line.remove_prefix(word.size());
      word = word.substr(0, word.find_last_not_of(".:,;!") + 1);
      const bool quoted = word.size() > 2 && word.front() == '`' && word.back() == '`';
      if (!quoted) continue;
      word = word.substr(1, word.size() - 2);
      if (IsKnown(word)) named_in_text_ = word;
    }
  }

  const Fence& fence_;
  const std::vector<std::string>& known_;
  std::vector<std::string_view> lines_;
  std::string named_in_text_;
};

class ListingSet {
 public:
  explicit ListingSet(Workspace& workspace) : workspace_(workspace) {}

  Verdict Check(std::string_view answer) {
    ListingReader reader(answer, workspace_.chat().fence, workspace_.editable());
    std::optional<std::vector<Listing>> listings = reader.Read();
    if (!listings) {
      verdict_.Break(0, "a listing has no file's name before it");
      return verdict_;
    }
    if (listings->empty()) return CheckedWithoutEdits(answer);
    // Of several listings of a file, aider takes the one whose name is the surest, then the first.
    std::stable_sort(listings->begin(), listings->end(),
                     [](const Listing& a, const Listing& b) { return a.source < b.source; });
    for (const Listing& listing : *listings) {
      if (taken_.insert(listing.path).second) {
        Write(listing);
      } else {
        verdict_.Lower(0.6, ShownPath(listing.path) + ": it is listed more than once");
      }
    }
    return verdict_;
  }

 private:
  void Write(const Listing& listing) {
    const std::string& path = listing.path;
    const std::string name = ShownPath(path) + ": ";
    const auto lower = [&](double to, const char* why) { verdict_.Lower(to, name + why); };
    const auto broken = [&](double to, const char* why) { verdict_.Break(to, name + why); };
    if (listing.source == Source::kText) lower(0.85, "its name is guessed from the text");
    if (listing.source == Source::kOnlyFile) lower(0.8, "it is not named");
    if (listing.path_is_guessed) lower(0.9, "it is named with a folder that it is not in");
    if (!listing.closed) lower(0.5, "the listing is not closed");
    if (workspace_.IsReadOnly(path)) lower(0.5, "that file must not be edited");

    FileDraft* before = workspace_.Find(path);
    if (before == nullptr && !IsPlausiblePath(path)) broken(0.15, "no file could have that name");
    if (before != nullptr && !before->empty()) {
      if (listing.lines.empty()) broken(0.1, "the listing is empty");
      if (!listing.lines.empty() && IsSame(*before, listing.lines)) lower(0.6, "nothing changes");
      if (listing.lines.size() < before->size() / 2) lower(0.8, "it loses most of its lines");
    }
    for (const std::string_view line : listing.lines) {
      const bool elides = StandsForOthers(line);
      if (!elides && !IsConflictMarker(line)) continue;
      if (before != nullptr && !before->Find({line}, Likeness::kEqual, 1).empty()) continue;
      if (elides) broken(0.2, "lines are left out with `...`, and would be lost");
      if (!elides) broken(0.2, "a conflict's markers are left in it");
    }
    FileDraft& after = workspace_.Create(path);
    after.AppendText(listing.lines);
    after.SetEndsWithBreak(listing.closed);
  }

  static bool IsSame(const FileDraft& before, const std::vector<std::string_view>& lines) {
    if (before.size() != lines.size()) return false;
    FileDraft::Line line = before.first();
    for (const std::string_view text : lines) {
      if (before.text(line) != text) return false;
      line = before.next(line);
    }
    return true;
  }

  Workspace& workspace_;
  std::set<std::string> taken_;
  Verdict verdict_;
};

}  // namespace

Verdict CheckWholeFiles(std::string_view answer, Workspace& workspace) {
  return ListingSet(workspace).Check(answer);
}

bool StandsForOthers(std::string_view line) {
  static constexpr std::array<std::string_view, 7> kWords = {
      "rest of", "existing", "unchanged", "remaining", "same as", "previous", "other "};
  if (line.size() > 200 ||
      (line.find("...") == line.npos && line.find("\xe2\x80\xa6") == line.npos)) {
    return false;
  }
  std::string lower(line);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace mom
