#include "service/contract/contract_kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mom {
namespace {

constexpr std::array kNames = {
    std::pair(ContractKind::kNone, "none"),
    std::pair(ContractKind::kDiff, "diff"),
    std::pair(ContractKind::kDiffFenced, "diff-fenced"),
    std::pair(ContractKind::kUdiff, "udiff"),
    std::pair(ContractKind::kWhole, "whole"),
    std::pair(ContractKind::kPatch, "patch"),
    std::pair(ContractKind::kArchitect, "architect"),
    std::pair(ContractKind::kCommitMessage, "commit_message"),
    std::pair(ContractKind::kSummary, "summary"),
    std::pair(ContractKind::kJsonObject, "json_object"),
    std::pair(ContractKind::kClosedNumber, "closed-number"),
    std::pair(ContractKind::kClosedLetter, "closed-letter"),
    std::pair(ContractKind::kClosedYesNo, "closed-yes-no"),
};

}  // namespace

bool IsClosed(ContractKind kind) {
  return kind == ContractKind::kClosedNumber || kind == ContractKind::kClosedLetter ||
         kind == ContractKind::kClosedYesNo;
}

std::string_view NameOf(ContractKind kind) {
  return std::find_if(kNames.begin(), kNames.end(),
                      [&](const auto& one) { return one.first == kind; })
      ->second;
}

std::optional<ContractKind> ContractFromName(std::string_view name) {
  const auto found = std::find_if(kNames.begin(), kNames.end(),
                                  [&](const auto& one) { return one.second == name; });
  if (found == kNames.end()) return std::nullopt;
  return found->first;
}

}  // namespace mom
