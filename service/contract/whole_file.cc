#include "service/contract/whole_file.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "service/base/ascii.h"
#include "service/contract/file_name.h"
#include "service/contract/listing.h"
#include "service/contract/search_replace.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

class ListingSet {
 public:
  explicit ListingSet(Workspace& workspace) : workspace_(workspace) {}

  Verdict Check(std::string_view answer) {
    std::optional<std::vector<Listing>> listings =
        ReadListings(answer, workspace_.chat().fence, workspace_.editable());
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
    if (listing.source == Listing::Source::kText) lower(0.85, "its name is guessed from the text");
    if (listing.source == Listing::Source::kOnlyFile) lower(0.8, "it is not named");
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
  const std::string lower = LowerCase(line);
  return std::any_of(kWords.begin(), kWords.end(),
                     [&](std::string_view word) { return lower.find(word) != std::string::npos; });
}

}  // namespace mom
