// The form that an answer must keep for its client to use it.
#ifndef MOM_CONTRACT_CONTRACT_H_
#define MOM_CONTRACT_CONTRACT_H_

#include <memory>
#include <string_view>
#include <vector>

#include "service/contract/chat_files.h"
#include "service/contract/contract_kind.h"
#include "service/contract/json_schema.h"
#include "service/contract/verdict.h"
#include "service/contract/workspace.h"
#include "service/contract/xml_tools.h"
#include "service/model/chat.h"

namespace mom {

// Shares the lifetime of the request it was found in, and its thread: what is looked up in the
// files is made at the first check.
struct Contract {
  ContractKind kind = ContractKind::kNone;
  ChatFiles files;                           // of an edit format
  std::vector<XmlTool> xml_tools;            // of kClineXml
  std::shared_ptr<const JsonSchema> schema;  // of kJsonSchema
};

// Finds what a request demands of its answer, the surest first: by its response_format; by the
// instructions of aider, of Cline and Roo Code; by the turns of aider that it shows; by a sentence
// that demands a form in so many words (service/contract/detect.cc). Where `choice` names a kind,
// it is that. Pure.
Contract Detect(const ChatRequest& request, const ContractChoice& choice = {});

// Judges an answer that came to its end with visible text. Pure; takes some 10 ms for 1 MB of
// answer and 5 MB of files (bench/contract_cost.py).
Verdict Check(const Contract& contract, const Completion& answer);

// Whether an answer that was judged so has edits, JSON or whatever else the form is made of, which
// no refusal has, and not words alone.
bool ShowsForm(const Contract& contract, const Verdict& verdict);

// Check() of an edit format's text, where one wants to see what the edits come to.
Verdict CheckEdits(const Contract& contract, std::string_view answer, Workspace& workspace);

}  // namespace mom

#endif  // MOM_CONTRACT_CONTRACT_H_
