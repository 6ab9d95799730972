// aider's format `whole`: each file that changes is shown in full.
#ifndef MOM_CONTRACT_WHOLE_FILE_H_
#define MOM_CONTRACT_WHOLE_FILE_H_

#include <string_view>

#include "service/contract/verdict.h"
#include "service/contract/workspace.h"

namespace mom {

// Writes the answer's files into the workspace, as aider would. Unusable: a listing without a file,
// or with a new one whose name is no path; one that leaves lines out, which would be lost; one that
// would empty a file; a conflict's markers left in a file. `answer` must outlive the workspace.
Verdict CheckWholeFiles(std::string_view answer, Workspace& workspace);

// Whether a line stands for others ("# ... rest of the code ...").
bool StandsForOthers(std::string_view line);

}  // namespace mom

#endif  // MOM_CONTRACT_WHOLE_FILE_H_
