// Strategy `arbitrate`: the members vote on which tools to call; who called them goes on.
#ifndef MOM_ENGINE_ARBITRATE_H_
#define MOM_ENGINE_ARBITRATE_H_

#include "service/engine/strategy.h"

namespace mom {

// A fresh turn: members at once (gather.h), with the tools. What they propose is put to the vote
// (tool_vote.h). Calls that win go out as one of those who propose them wrote them, and as soon as
// nobody could change it; words that win are made one answer of as by `synthesize`. Without a
// winner the arbiter decides (arbiter.h); where there is none, or where it only talks while as many
// as are needed would call, the best proposal goes out: one that is not rash, else words, else a
// rash one, degraded. A turn with tools' results goes to the model that called the tools, alone,
// and streams (tool_turn.h has when it does not); where it fails before the commit point, it is a
// fresh turn for the others. A single member is asked as by `single`.
class ArbitrateStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_ARBITRATE_H_
