// Strategy `select`: all members answer, and the best answer goes out as it is.
#ifndef MOM_ENGINE_SELECT_H_
#define MOM_ENGINE_SELECT_H_

#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Members at once (gather.h); each answer is checked against the request's contract
// (service/contract/contract.h), and one that does not keep it is not usable. The best goes out
// byte for byte: by grade, then by the check's score, then by the mixture's order. A single member
// is asked as by `single`.
//
// Where answers that come to different ends have nearly the same score (contention.h), the one goes
// out to which more than half of the members come; else the mixture's judge, if it has one,
// compares them (judge.h), except for messages of commits, summaries and closed answers, which are
// not worth the calls. Where no answer is usable, the best one goes out with blocks of others in
// the place of its broken ones, if that is proven (give_graft.h); else its model is asked once more
// (repair.h).
//
// It waits no longer than for what could change the choice (IsSettled in contention.h): with a
// judge that is every member, as long as not more than half agree at the best score. The wait ends
// by the stop rule; where a judge may be asked, it leaves time for that.
class SelectStrategy final : public Strategy {
 public:
  asio::awaitable<StatusOr<Outcome>> Run(RunContext& context) const override;
  CallPlan Plan(const MixtureConfig& mixture) const override;
};

// Chooses so among candidates of the record, usable ones without tool calls: at least one.
asio::awaitable<StatusOr<Outcome>> SelectFrom(RunContext& context,
                                              std::vector<const Candidate*> usable);

}  // namespace mom

#endif  // MOM_ENGINE_SELECT_H_
