// Strategy `self`: one model answers several times.
#ifndef MOM_ENGINE_SELF_H_
#define MOM_ENGINE_SELF_H_

#include <string>
#include <vector>

#include "service/engine/strategy.h"

namespace mom {

// A mixture's `strategy` of which the engine makes SamplesOf() the members.
inline constexpr char kSelf[] = "self";

// The mixture's one model, as often as it has samples.
std::vector<std::string> SamplesOf(const MixtureConfig& mixture);

// Its candidates are told apart by their numbers, and become one answer as those of several members
// would under `auto` (choose_strategy.h). A seed of the client's is moved by one for each
// (gather.h), lest all be the same.
class SelfStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_SELF_H_
