#include "service/engine/self.h"

#include <utility>

#include "service/contract/tool_calls.h"
#include "service/engine/choose_strategy.h"

namespace mom {

std::vector<std::string> SamplesOf(const MixtureConfig& mixture) {
  return std::vector<std::string>(static_cast<std::size_t>(mixture.samples),
                                  mixture.members.front());
}

asio::awaitable<StatusOr<Outcome>> SelfStrategy::Run(RunContext& context) const {
  const StrategyChoice choice = ChooseStrategy(context.contract().kind, TakesCalls(*context.chat()),
                                               context.mixture().members.size());
  std::string detail = "the samples go on as of " + choice.name + ": " + choice.why;
  context.record().strategy_reason += "; " + detail;
  const Status told = co_await context.TellStage("strategy", std::string(), std::move(detail));
  if (!told.ok()) co_return told;
  co_return co_await FindStrategy(choice.name)->Run(context);
}

CallPlan SelfStrategy::Plan(const MixtureConfig& mixture) const {
  MixtureConfig sampled = mixture;
  sampled.members = SamplesOf(mixture);
  sampled.strategy = kAuto;
  return PlanOf(sampled);
}

}  // namespace mom
