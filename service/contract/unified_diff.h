// aider's format `udiff`: unified diffs in ```diff fences, found by their lines, not by numbers.
#ifndef MOM_CONTRACT_UNIFIED_DIFF_H_
#define MOM_CONTRACT_UNIFIED_DIFF_H_

#include <string_view>

#include "service/contract/verdict.h"
#include "service/contract/workspace.h"

namespace mom {

// Applies the answer's hunks to the workspace, much as aider would: as they are; with blank lines
// around them dropped, or indented in another way; in parts, with less of their context. Unusable:
// a hunk without a file, one whose lines are not in its file or are too few to tell where; a new
// file whose name is no path; a conflict's markers left in a file. `answer` must outlive the
// workspace.
Verdict CheckUnifiedDiff(std::string_view answer, Workspace& workspace);

}  // namespace mom

#endif  // MOM_CONTRACT_UNIFIED_DIFF_H_
