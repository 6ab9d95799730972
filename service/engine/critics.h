// The critics of a mixture, asked until one of them answers.
#ifndef MOM_ENGINE_CRITICS_H_
#define MOM_ENGINE_CRITICS_H_

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Asks the mixture's critic to write one answer from the usable candidates, and passes it on; where
// it fails, its provider wants a long wait, or what it writes cannot go out, the next of the chain.
// Hedges: where a critic has been
// silent for longer than 95 % of its answers began, as learnt (pace.h), the next one is asked
// beside it, if the mixture's `critic_hedge` leaves a token; whoever first has a start that can go
// out is passed on, and the other is cancelled. Each of the chain is asked at most once, two at
// most at a time. All have time until `limit`. nullopt: none gave anything that can go out, and
// nothing went out. An error: the client is gone, or the answer broke off after a part of it was
// out. Cancellation: throws; all calls stop.
asio::awaitable<StatusOr<std::optional<Outcome>>> AskCritics(
    RunContext& context, std::vector<const Candidate*> candidates, Deadline limit);

}  // namespace mom

#endif  // MOM_ENGINE_CRITICS_H_
