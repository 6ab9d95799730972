// Strategy `arbitrate`: the members vote on which tools to call; who called them goes on.
#ifndef MOM_ENGINE_ARBITRATE_H_
#define MOM_ENGINE_ARBITRATE_H_

#include "service/engine/strategy.h"

namespace mom {

// A fresh turn: members at once (gather.h), with the tools. What they propose is put to the vote
// (tool_vote.h). Calls that win go out as one of those who propose them wrote them, and as soon as
// nobody could change it; words that win are made one answer of as by `synthesize`, or, where they
// must keep a form, chosen among as by `select`. Without a winner, and where no proposal is usable,
// the critics decide (arbiter.h), but none of them that is a member itself by its own word alone to
// change something: about that one more is asked (docs/adr/0011). Where nobody decides, or the
// arbiter only talks while as many as are needed would call, the best proposal goes out: one that
// is not rash, else words, else a rash one, degraded; where none is usable, the best one's model is
// asked once more (repair.h), else it goes out as it is.
//
// A turn with tools' results goes to the model that called the tools, alone (tool_turn.h has when
// it does not), and streams, unless it must keep a form; where it fails before the commit point, it
// is a fresh turn for the others. A single member is asked as by `single`.
class ArbitrateStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_ARBITRATE_H_
