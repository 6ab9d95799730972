// Asks the members of a mixture and collects their candidates.
#ifndef MOM_ENGINE_GATHER_H_
#define MOM_ENGINE_GATHER_H_

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <vector>

#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

struct GatherOptions {
  // Who may be asked, in this order; empty: the mixture's members. The record can have candidates
  // from before.
  std::vector<std::string> members;
  Deadline limit;  // of all waiting
  // Once there is a usable candidate: from there on the time is the critic's.
  Deadline critic_at = Deadline::Never();
  // Asked after each end: whether none that is still under way (kCancelled) could matter any more.
  // Empty: all do.
  std::function<bool(const std::vector<Candidate>&)> decided;
  // How many members should be at work, given what there is; asked at the start and whenever one
  // has ended or is late. Where fewer are, the next ones of the mixture are asked, so a failed one
  // is replaced at once. Late is who has taken longer than nine of ten of its answers did; until
  // that is known, twice what the first usable one took; and at least 4 * grace.min. It stays at
  // work, but is not counted on. Empty: all of them at once.
  std::function<int(const std::vector<Candidate>&)> wanted;
};

// Asks members of the context's mixture, and waits by the stop rule (stop_rule.h); stragglers
// are cancelled. Members whose target refuses (target_state.h) are skipped at once. An
// answer that does not keep the request's contract is not usable. The record has one candidate for
// each member that was asked or skipped, in their order, from then on. Notes failed and
// skipped members as `degraded`, and where there is neither a quorum nor a decision, why each of
// the others is not usable. Learns how long members take (pace.h). An error: the client does not
// take what it is sent. Cancellation: throws; all calls stop. Thread: the request's loop.
asio::awaitable<Status> Gather(RunContext& context, GatherOptions options);

}  // namespace mom

#endif  // MOM_ENGINE_GATHER_H_
