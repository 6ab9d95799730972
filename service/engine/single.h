// Strategy `single`: the first member that answers.
#ifndef MOM_ENGINE_SINGLE_H_
#define MOM_ENGINE_SINGLE_H_

#include "service/engine/strategy.h"

namespace mom {

// Asks the first member and passes its answer on as it comes; where it fails or refuses before the
// commit point, or its provider wants a long wait, the next. Where a form is demanded and there is
// another member to ask, the answer is held until it is whole, and the next one is asked also where
// it does not keep that (relay.h). Where nobody does well, the best answer goes out, degraded. A
// model that is asked by its own name runs so too, as it is.
class SingleStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_SINGLE_H_
