#include <algorithm>
#include <initializer_list>

#include "service/contract/aider_prompt.h"
#include "service/contract/closed_demand.h"
#include "service/contract/contract.h"
#include "service/contract/fenced_file.h"

namespace mom {
namespace {

ContractKind Find(const ChatRequest& request) {
  if (request.response_format &&
      request.response_format->kind == ResponseFormat::Kind::kJsonObject) {
    return ContractKind::kJsonObject;
  }
  if (const auto prompt = FindAiderPrompt(request)) return *prompt;
  // An agent's turn may be a call, or words between two.
  if (!request.tools.empty()) return ContractKind::kNone;
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
  if (contract.kind == ContractKind::kClineXml) contract.xml_tools = FindXmlTools(request);
  return contract;
}

}  // namespace mom
