#include "service/engine/choose_strategy.h"

#include <optional>
#include <string_view>

#include "service/contract/side_call.h"
#include "service/contract/tool_calls.h"

namespace mom {
namespace {

constexpr char kSingle[] = "single";
constexpr char kSelect[] = "select";
constexpr char kVote[] = "vote";
constexpr char kSynthesize[] = "synthesize";
// Who answers where tools can be called.
constexpr char kToolTurn[] = "arbitrate";

std::vector<std::string> WithSideModelFirst(const MixtureConfig& mixture) {
  std::vector<std::string> members = mixture.members;
  std::erase(members, mixture.side_model);
  members.insert(members.begin(), mixture.side_model);
  return members;
}

}  // namespace

bool IsOpenProse(ContractKind contract) {
  return contract == ContractKind::kNone || contract == ContractKind::kArchitect;
}

StrategyChoice ChooseStrategy(ContractKind contract, bool takes_calls, std::size_t members) {
  if (members == 1) return {kSingle, "there is one member", {}};
  if (takes_calls) return {kToolTurn, "the request has tools", {}};
  const std::string form = "the answer must keep its form (" + std::string(NameOf(contract)) + ")";
  if (!IsOpenProse(contract) && !IsClosed(contract)) return {kSelect, form, {}};
  if (IsClosed(contract)) return {kVote, form + ", and such answers can be counted", {}};
  return {kSynthesize, "open prose", {}};
}

StrategyChoice ChooseStrategy(const MixtureConfig& mixture, ContractKind contract,
                              const ChatRequest& chat) {
  if (!mixture.side_model.empty()) {
    if (const std::optional<std::string_view> call = DetectSideCall(chat)) {
      return {kSingle, "a side call (" + std::string(*call) + "), for the side_model",
              WithSideModelFirst(mixture)};
    }
  }
  return ChooseStrategy(contract, TakesCalls(chat), mixture.members.size());
}

CallPlan PlanOf(const MixtureConfig& mixture) {
  if (mixture.strategy != kAuto) return FindStrategy(mixture.strategy)->Plan(mixture);
  CallPlan largest;
  if (!mixture.side_model.empty()) {
    MixtureConfig side = mixture;
    side.members = WithSideModelFirst(mixture);
    largest = FindStrategy(kSingle)->Plan(side);
  }
  for (const std::string_view name : {kSingle, kSelect, kVote, kSynthesize, kToolTurn}) {
    const CallPlan plan = FindStrategy(name)->Plan(mixture);
    if (plan.most() > largest.most()) largest = plan;
  }
  return largest;
}

}  // namespace mom
