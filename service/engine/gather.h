// Asks the members of a mixture and collects their candidates.
#ifndef MOM_ENGINE_GATHER_H_
#define MOM_ENGINE_GATHER_H_

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Has a say in what is gathered. Thread: the request's loop.
class CandidateJudge {
 public:
  virtual ~CandidateJudge() = default;
  // Looks at one that came to its end, and may lower its grade. `place`: in the mixture's order.
  virtual void Judge(std::size_t place, Candidate& candidate) = 0;
  // Whether none that is still under way (kCancelled) could be chosen any more.
  virtual bool Decided(const std::vector<Candidate>& candidates) const = 0;
};

// Asks every member of the context's mixture at once and waits by the stop rule (stop_rule.h), at
// most until `limit`, and once there is a usable candidate until `critic_at`, and until `judge`,
// where there is one, has decided; stragglers are cancelled. Members whose target refuses
// (target_state.h) are skipped at once; one whose provider wants a long wait fails at once where
// the others can make the quorum. The record has one candidate a member, in the mixture's
// order, from the start on. Notes failed and skipped members as `degraded`, and where there is
// neither a quorum nor a decision, why each of the others is not usable. Learns how long members
// take (pace.h). An error: the client does not take what it is sent. Cancellation: throws; all
// calls stop.
asio::awaitable<Status> Gather(RunContext& context, Deadline limit, Deadline critic_at,
                               CandidateJudge* judge = nullptr);

// The best candidate that has an answer: by grade, then by the mixture's order; null where there is
// none.
const Candidate* FindAnchor(const std::vector<Candidate>& candidates);

}  // namespace mom

#endif  // MOM_ENGINE_GATHER_H_
