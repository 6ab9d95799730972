// Reads listings of whole files.
#ifndef MOM_CONTRACT_LISTING_H_
#define MOM_CONTRACT_LISTING_H_

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/contract/chat_files.h"

namespace mom {

struct Listing {
  // Where its name comes from, the surest first: the line before it; a word in the text; there
  // being one file only.
  enum class Source { kLineBefore, kText, kOnlyFile };

  std::string path;
  Source source = Source::kLineBefore;
  bool path_is_guessed = false;  // what is written has a folder that the file is not in
  bool closed = true;
  std::vector<std::string_view> lines;
};

// The listings of an answer in its order, as aider reads them; `known`: the paths of the files that
// may be edited. nullopt where aider refuses them all: a listing that no file can be found for.
std::optional<std::vector<Listing>> ReadListings(std::string_view answer, const Fence& fence,
                                                 const std::vector<std::string>& known);

}  // namespace mom

#endif  // MOM_CONTRACT_LISTING_H_
