#include "service/contract/contract.h"

#include <string>

#include "service/contract/closed_answer.h"
#include "service/contract/fenced_file.h"
#include "service/contract/json_answer.h"
#include "service/contract/patch.h"
#include "service/contract/plain_answer.h"
#include "service/contract/search_replace.h"
#include "service/contract/text_lines.h"
#include "service/contract/unified_diff.h"
#include "service/contract/whole_file.h"
#include "service/contract/xml_tools.h"

namespace mom {

Verdict CheckEdits(const Contract& contract, std::string_view answer, Workspace& workspace) {
  answer = Strip(answer);  // as aider does first
  switch (contract.kind) {
    case ContractKind::kDiff:
    case ContractKind::kDiffFenced:
      return CheckSearchReplace(answer, workspace);
    case ContractKind::kUdiff:
      return CheckUnifiedDiff(answer, workspace);
    case ContractKind::kWhole:
      return CheckWholeFiles(answer, workspace);
    case ContractKind::kPatch:
      return CheckPatch(answer, workspace);
    default:
      return {};
  }
}

Verdict Check(const Contract& contract, const Completion& answer) {
  switch (contract.kind) {
    case ContractKind::kNone:
    case ContractKind::kArchitect:
      return {};
    case ContractKind::kCommitMessage:
      return CheckCommitMessage(answer.text);
    case ContractKind::kSummary:
      return CheckSummary(answer.text);
    case ContractKind::kJsonObject:
      return CheckJsonObject(answer.text);
    case ContractKind::kJsonSchema:
      return CheckJsonSchema(*contract.schema, answer.text);
    case ContractKind::kClosedNumber:
    case ContractKind::kClosedLetter:
    case ContractKind::kClosedYesNo:
      return CheckClosedAnswer(contract.kind, answer.text);
    case ContractKind::kClineXml:
      return CheckXmlTools(contract.xml_tools, answer.text);
    case ContractKind::kFencedFile:
      return CheckFencedFile(answer.text);
    default:
      break;
  }
  Workspace workspace(contract.files);
  return CheckEdits(contract, answer.text, workspace);
}

bool ShowsForm(const Contract& contract, const Verdict& verdict) {
  switch (contract.kind) {
    case ContractKind::kNone:
    case ContractKind::kArchitect:
    case ContractKind::kCommitMessage:
    case ContractKind::kSummary:
    case ContractKind::kClosedNumber:
    case ContractKind::kClosedLetter:
    case ContractKind::kClosedYesNo:
      return false;
    default:
      return verdict.usable && !verdict.edits_nothing;
  }
}

}  // namespace mom
