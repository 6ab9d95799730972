// An answer's edits as pieces of its text.
#ifndef MOM_CONTRACT_EDIT_BLOCK_H_
#define MOM_CONTRACT_EDIT_BLOCK_H_

#include <string>
#include <string_view>
#include <vector>

#include "service/contract/contract.h"

namespace mom {

// Shares the lifetime of the answer.
struct EditBlock {
  std::string path;                      // as the answer means it
  std::vector<std::string_view> before;  // lines that should be in the file; of a listing none
  std::vector<std::string_view> after;   // those in their place; of a listing all
  // What of the answer another block could take the place of: a SEARCH/REPLACE block with its
  // markers, a hunk's lines, a listing's. Empty: nothing, as it has no proper end, no lines, or
  // lines that are not part of it.
  std::string_view text;
};

struct EditBlocks {
  std::vector<EditBlock> blocks;  // in the answer's order, up to the first that cannot be read
  bool complete = true;           // whether all could be read
};

// Of the formats diff, udiff and whole and their kin; a patch has none, as its changes are found
// after each other's places. Pure.
EditBlocks ReadEditBlocks(const Contract& contract, std::string_view answer);

}  // namespace mom

#endif  // MOM_CONTRACT_EDIT_BLOCK_H_
