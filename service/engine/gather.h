// Asks the members of a mixture and collects their candidates.
#ifndef MOM_ENGINE_GATHER_H_
#define MOM_ENGINE_GATHER_H_

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <vector>

#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

struct GatherOptions {
  Deadline limit;  // of all waiting
  // Once there is a usable candidate: from there on the time is the critic's.
  Deadline critic_at = Deadline::Never();
  // Asked after each end: whether none that is still under way (kCancelled) could matter any more.
  // Empty: all do.
  std::function<bool(const std::vector<Candidate>&)> decided;
};

// Asks every member of the context's mixture at once and waits by the stop rule (stop_rule.h);
// stragglers are cancelled. Members whose target refuses (target_state.h) are skipped at once. An
// answer that does not keep the request's contract is not usable. The record has one candidate a
// member, in the mixture's order, from the start on; who has one there before is not asked again.
// Notes failed and skipped members as `degraded`, and where there is neither a quorum nor a
// decision, why each of the others is not usable. Learns how long members take (pace.h). An error:
// the client does not take what it is sent. Cancellation: throws; all calls stop. Thread: the
// request's loop.
asio::awaitable<Status> Gather(RunContext& context, GatherOptions options);

}  // namespace mom

#endif  // MOM_ENGINE_GATHER_H_
