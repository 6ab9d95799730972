// Strategy `synthesize`: all members answer, a critic writes one answer from theirs.
#ifndef MOM_ENGINE_SYNTHESIZE_H_
#define MOM_ENGINE_SYNTHESIZE_H_

#include <vector>

#include "service/base/deadline.h"
#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Members at once (gather.h), then the critic, then its fallbacks, then the anchor. Without the
// critic: a single member (then as `single`), a single usable candidate, a candidate that is a
// valid tool call (the first in the mixture's order goes out unchanged), no usable candidate at all
// (the best of the highest grade goes out unchanged).
class SynthesizeStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

// When the members' time is over where there is something to judge, and the critic's begins.
Deadline CriticAt(RunContext& context);

// Makes one answer of these candidates of the record, usable ones without tool calls: at least one.
asio::awaitable<StatusOr<Outcome>> SynthesizeFrom(RunContext& context,
                                                  std::vector<const Candidate*> usable);

}  // namespace mom

#endif  // MOM_ENGINE_SYNTHESIZE_H_
