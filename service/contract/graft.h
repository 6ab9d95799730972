// One answer of the pieces of several, none of which can be used as it is.
#ifndef MOM_CONTRACT_GRAFT_H_
#define MOM_CONTRACT_GRAFT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/contract/contract.h"

namespace mom {

// A block of one answer that stands in the place of another one's. All numbers are from 0.
struct GraftedBlock {
  std::size_t block;   // which one of the answer that is mended
  std::string path;    // the file that it edits
  std::size_t answer;  // whose block took its place
  std::size_t its_block;
};

struct Graft {
  std::size_t base;  // the answer that is mended
  std::vector<GraftedBlock> blocks;
  std::string text;  // the bytes of the base, but for those of these blocks
  Verdict verdict;   // on that text: usable
};

// Mends the first of `answers` (the best first, none of them usable) that blocks of the others
// mend. A block only takes another one's place where it is proven to make the very change that the
// other one was meant to make, and to make it in the same place of the same file (same_change.h):
// so what comes out edits the files as the mended answer would have them, never half as one and
// half as another. Its own lines must stand in the file once only, apart from those of all other
// blocks of the mended answer, and the whole must be usable. Of the formats diff, udiff and whole
// and their kin. nullopt: nothing is proven. Pure; takes as long as a few checks of the answers.
std::optional<Graft> FindGraft(const Contract& contract,
                               const std::vector<std::string_view>& answers);

}  // namespace mom

#endif  // MOM_CONTRACT_GRAFT_H_
