#include "service/contract/contract_kind.h"

#include <algorithm>
#include <array>
#include <utility>

namespace mom {
namespace {

constexpr char kAuto[] = "auto";
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
    std::pair(ContractKind::kClineXml, "cline-xml"),
    std::pair(ContractKind::kFencedFile, "fenced-file"),
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

const std::vector<std::string>& ContractChoiceNames() {
  static const std::vector<std::string> kChoices = [] {
    std::vector<std::string> names = {kAuto};
    for (const auto& [kind, name] : kNames) names.emplace_back(name);
    return names;
  }();
  return kChoices;
}

std::optional<ContractChoice> ContractChoiceFromName(std::string_view name) {
  if (name == kAuto) return ContractChoice();
  const std::optional<ContractKind> kind = ContractFromName(name);
  if (!kind) return std::nullopt;
  return ContractChoice{kind};
}

std::string_view NameOf(const ContractChoice& choice) {
  return choice.kind ? NameOf(*choice.kind) : kAuto;
}

}  // namespace mom
