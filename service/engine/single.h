// Strategy `single`: the first member that answers.
#ifndef MOM_ENGINE_SINGLE_H_
#define MOM_ENGINE_SINGLE_H_

#include "service/engine/strategy.h"

namespace mom {

// Asks the first member and passes its answer on as it comes; where it fails before the commit
// point, or its provider wants a long wait, the next. A model that is asked by its own name runs so
// too.
class SingleStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_SINGLE_H_
