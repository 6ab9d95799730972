// The form that an answer must keep for its client to use it.
#ifndef MOM_CONTRACT_CONTRACT_H_
#define MOM_CONTRACT_CONTRACT_H_

#include <string_view>

#include "service/contract/chat_files.h"
#include "service/contract/contract_kind.h"
#include "service/contract/verdict.h"
#include "service/contract/workspace.h"
#include "service/model/chat.h"

namespace mom {

// Thread-safe where it does not change. Shares the lifetime of the request it was found in.
struct Contract {
  ContractKind kind = ContractKind::kNone;
  ChatFiles files;  // of an edit format
};

// Finds what a request demands of its answer: by its response_format; else by the instructions that
// aider sends (service/contract/detect.cc has which). Pure.
Contract Detect(const ChatRequest& request);

// Judges an answer that came to its end with visible text. Pure; takes some 10 ms for 1 MB of
// answer and 5 MB of files.
Verdict Check(const Contract& contract, const Completion& answer);

// Check() of an edit format's text, where one wants to see what the edits come to.
Verdict CheckEdits(const Contract& contract, std::string_view answer, Workspace& workspace);

}  // namespace mom

#endif  // MOM_CONTRACT_CONTRACT_H_
