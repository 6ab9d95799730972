// Strategy `select`: all members answer, and the best answer goes out as it is.
#ifndef MOM_ENGINE_SELECT_H_
#define MOM_ENGINE_SELECT_H_

#include "service/engine/strategy.h"

namespace mom {

// Members at once (gather.h); each answer is checked against the request's contract
// (service/contract/contract.h), and one that does not keep it is not usable. The best goes out
// byte for byte: by grade, then by the check's score, then by the mixture's order; as soon as no
// member that is under way could change the choice. A single member is asked as by `single`.
class SelectStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

}  // namespace mom

#endif  // MOM_ENGINE_SELECT_H_
