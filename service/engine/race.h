// Strategy `race`: the first member whose answer is good.
#ifndef MOM_ENGINE_RACE_H_
#define MOM_ENGINE_RACE_H_

#include "service/engine/strategy.h"

namespace mom {

// Members at once; the first whose answer is usable wins, and the others are cancelled. Streamed
// prose is won at the commit point: the first whose start is there and is no refusal
// (held_answer.h) is passed on as it comes, and after it a failure is final. What must keep a form,
// may call tools, or is held to its end is won by the first whole answer (gather.h). Where nobody
// wins, the best there is goes out (anchor.h). A single member is asked as by `single`.
class RaceStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_RACE_H_
