// Reads SEARCH/REPLACE blocks.
#ifndef MOM_CONTRACT_SEARCH_BLOCK_H_
#define MOM_CONTRACT_SEARCH_BLOCK_H_

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/contract/chat_files.h"

namespace mom {

struct SearchBlock {
  std::string path;
  bool path_is_guessed = false;  // it is near to what is written, or the one of the block before
  std::vector<std::string_view> search;
  std::vector<std::string_view> replace;
  bool ends_with_divider = false;  // with a second "=======" in place of ">>>>>>> REPLACE"
  std::string_view text;           // the piece of the answer, from its first marker to its last
};

// Reads an answer's blocks in its order, as aider does: a line of markers counts wherever it
// stands, but not within a fence of shell commands.
class SearchBlockReader {
 public:
  // Both must outlive the reader; `known`: the paths of the files that may be edited.
  SearchBlockReader(std::string_view answer, const Fence& fence,
                    const std::vector<std::string>& known);

  // nullopt at the end, and where a block is broken: then error() says why.
  std::optional<SearchBlock> Next();
  // A word on the block that is broken; empty: none is.
  const std::string& error() const { return error_; }
  // Whether every fence outside the blocks that was opened was closed. At the end only.
  bool fences_balance() const { return fences_ % 2 == 0; }

 private:
  bool OpensShell(std::size_t at) const;
  bool IsFence(std::string_view line) const;
  std::optional<SearchBlock> ReadBlock();
  bool FindPath(bool creates, SearchBlock& block);
  std::string NameIn(std::string_view line) const;
  const std::string* CloseTo(const std::string& name);

  const Fence& fence_;
  const std::vector<std::string>& known_;
  std::vector<std::string_view> lines_;
  std::size_t at_ = 0;
  std::string last_path_;
  std::map<std::string, const std::string*> guesses_;
  int fences_ = 0;
  std::string error_;
};

}  // namespace mom

#endif  // MOM_CONTRACT_SEARCH_BLOCK_H_
