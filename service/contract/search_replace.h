// aider's formats `diff` and `diff-fenced`: SEARCH/REPLACE blocks.
#ifndef MOM_CONTRACT_SEARCH_REPLACE_H_
#define MOM_CONTRACT_SEARCH_REPLACE_H_

#include <string_view>

#include "service/contract/verdict.h"
#include "service/contract/workspace.h"

namespace mom {

// Applies the answer's blocks to the workspace, as aider would. Unusable: a block without its end
// or its file; one whose SEARCH lines are not in the file; a new file without a path that could be
// one; a conflict's markers left in a file. `answer` must outlive the workspace. The formats differ
// in where the file's name stands; aider takes it from either place.
Verdict CheckSearchReplace(std::string_view answer, Workspace& workspace);

// The verdict on an answer of an edit format that edits nothing: a question, or an explanation.
Verdict CheckedWithoutEdits(std::string_view answer);

// Whether the line is left over from a merge that was never ended.
bool IsConflictMarker(std::string_view line);

}  // namespace mom

#endif  // MOM_CONTRACT_SEARCH_REPLACE_H_
