// Which lines of a hunk aider takes for lines of the file.
#ifndef MOM_CONTRACT_KEPT_LINES_H_
#define MOM_CONTRACT_KEPT_LINES_H_

#include <string_view>
#include <vector>

#include "service/contract/file_text.h"

namespace mom {

// Those of `lines`, which a hunk says are in the file, that a comparison with the whole file finds
// there: in the same order, and in runs that are not short beside what differs around them, as the
// library has it that aider compares by (diff-match-patch: its semantic clean-up, then its clean-up
// for efficiency). Where several comparisons are equally short, it may choose another one.
std::vector<std::string_view> KeptLines(FileDraft& file,
                                        const std::vector<std::string_view>& lines);

}  // namespace mom

#endif  // MOM_CONTRACT_KEPT_LINES_H_
