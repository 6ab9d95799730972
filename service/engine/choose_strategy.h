// Which strategy a request runs by, where its mixture leaves that to MoM.
#ifndef MOM_ENGINE_CHOOSE_STRATEGY_H_
#define MOM_ENGINE_CHOOSE_STRATEGY_H_

#include <cstddef>
#include <string>
#include <vector>

#include "service/contract/contract_kind.h"
#include "service/engine/strategy.h"

namespace mom {

// A mixture's `strategy` that is none itself: ChooseStrategy() says which one runs, once a request.
inline constexpr char kAuto[] = "auto";

struct StrategyChoice {
  std::string name;                  // of a strategy that runs
  std::string why;                   // one line for people
  std::vector<std::string> members;  // who is asked in place of the mixture's; empty: these
};

// What `auto` makes of a request whose answer must keep `contract` and that can be answered by tool
// calls or not, of a mixture of so many members: what must keep a form is selected or counted as it
// is, and only open prose is written anew (docs/strategies.md). Pure.
StrategyChoice ChooseStrategy(ContractKind contract, bool takes_calls, std::size_t members);

// What `auto` makes of a request to that mixture: what a program asks for itself (a title, a commit
// message: service/contract/side_call.h) is for the `side_model`, where there is one, and after it
// for the first members; all else as above. Pure.
StrategyChoice ChooseStrategy(const MixtureConfig& mixture, ContractKind contract,
                              const ChatRequest& chat);

// Whether the answer needs no form.
bool IsOpenProse(ContractKind contract);

// What a request to that mixture may cost; where `auto` chooses, the largest of what it may choose.
CallPlan PlanOf(const MixtureConfig& mixture);

}  // namespace mom

#endif  // MOM_ENGINE_CHOOSE_STRATEGY_H_
