// Which lines a file and a hunk have in common.
#ifndef MOM_CONTRACT_COMMON_LINES_H_
#define MOM_CONTRACT_COMMON_LINES_H_

#include <cstddef>
#include <string_view>
#include <vector>

#include "service/contract/file_text.h"

namespace mom {

struct CommonLine {
  std::size_t wanted;  // its place in the hunk
  FileDraft::Line line;
};

// What both begin with, what both end with of the rest, and of what is between, the most lines of
// `wanted` that stand in the file in the same order. None may begin or end at another break than
// "\n". Of lines that are alike those are taken that stand together, as a comparison from the
// first on would take them. Finds fewer once the file's searches are too_costly().
std::vector<CommonLine> CommonLines(FileDraft& file, const std::vector<std::string_view>& wanted);

}  // namespace mom

#endif  // MOM_CONTRACT_COMMON_LINES_H_
