#include <algorithm>
#include <initializer_list>

#include "service/contract/aider_prompt.h"
#include "service/contract/closed_demand.h"
#include "service/contract/contract.h"
#include "service/contract/fenced_file.h"
#include "service/contract/json_answer.h"
#include "service/contract/tool_calls.h"

namespace mom {
namespace {

ContractKind Find(const ChatRequest& request) {
  if (request.response_format && DemandsJson(*request.response_format)) {
    return request.response_format->kind == ResponseFormat::Kind::kJsonObject
               ? ContractKind::kJsonObject
               : ContractKind::kJsonSchema;
  }
  if (const auto prompt = FindAiderPrompt(request)) return *prompt;
  // An agent's turn may be a call, or words between two.
  if (TakesCalls(request)) return ContractKind::kNone;
  if (!FindXmlTools(request).empty()) return ContractKind::kClineXml;
  if (const auto turns = FindAiderTurns(request)) return *turns;
  if (DemandsFencedFile(request)) return ContractKind::kFencedFile;
  return FindClosedDemand(request).value_or(ContractKind::kNone);
}

bool IsEditFormat(ContractKind kind) {
  const auto edits = {ContractKind::kDiff, ContractKind::kDiffFenced, ContractKind::kUdiff,
                      ContractKind::kWhole, ContractKind::kPatch};
  return std::find(edits.begin(), edits.end(), kind) != edits.end();
}

}  // namespace

Contract Detect(const ChatRequest& request, const ContractChoice& choice) {
  Contract contract;
  contract.kind = choice.kind ? *choice.kind : Find(request);
  if (IsEditFormat(contract.kind)) contract.files = FindChatFiles(request);
  if (contract.kind == ContractKind::kClineXml) {
    contract.xml_tools = FindXmlTools(request);
    // No answer could use a tool that the request does not declare.
    if (contract.xml_tools.empty()) contract.kind = ContractKind::kNone;
  }
  if (contract.kind == ContractKind::kJsonSchema) {
    if (request.response_format) contract.schema = DemandedSchema(*request.response_format);
    // What is no schema binds nobody to more than JSON.
    if (contract.schema == nullptr) contract.kind = ContractKind::kJsonObject;
  }
  return contract;
}

}  // namespace mom
