// Strategy `cascade`: the cheap members first, the others only where their answer does not do.
#ifndef MOM_ENGINE_CASCADE_H_
#define MOM_ENGINE_CASCADE_H_

#include "service/engine/strategy.h"

namespace mom {

// The mixture's `tiers`, one after the other; the members of one at once (gather.h). A tier's best
// answer goes out byte for byte where it passes: it keeps the request's form, and if that can be
// counted (contract_kind.h), two members of what was asked so far agree on it and fewer on any
// other; of prose, and where a single member gave a closed answer, the mixture's critic finds it
// good (verify.h), if there is one. Else the next tier is asked, and the drafts stay. What the last
// tier answers goes out unchecked, where it is usable; else the best of all drafts (anchor.h). Each
// tier has an equal share of the time that is left. The answer is held until it is chosen.
class CascadeStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_CASCADE_H_
