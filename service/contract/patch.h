// aider's format `patch`: "*** Begin Patch", actions on files, "*** End Patch".
#ifndef MOM_CONTRACT_PATCH_H_
#define MOM_CONTRACT_PATCH_H_

#include <string_view>

#include "service/contract/verdict.h"
#include "service/contract/workspace.h"

namespace mom {

// Applies the answer's patch to the workspace, as aider would. Unusable: any line that is none of a
// patch; an update or a removal of a file that is not in the conversation; context that is not in
// the file; changes that overlap; a conflict's markers left in a file. `answer` must outlive the
// workspace.
Verdict CheckPatch(std::string_view answer, Workspace& workspace);

}  // namespace mom

#endif  // MOM_CONTRACT_PATCH_H_
