#include "service/contract/listing.h"

#include <algorithm>

#include "service/contract/file_name.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

class ListingReader {
 public:
  ListingReader(std::string_view answer, const Fence& fence, const std::vector<std::string>& known)
      : fence_(fence), known_(known), lines_(SplitLines(answer)) {}

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
      listing.source = Listing::Source::kText;
    } else if (known_.size() == 1) {
      listing.path = known_[0];
      listing.source = Listing::Source::kOnlyFile;
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

}  // namespace

std::optional<std::vector<Listing>> ReadListings(std::string_view answer, const Fence& fence,
                                                 const std::vector<std::string>& known) {
  return ListingReader(answer, fence, known).Read();
}

}  // namespace mom
