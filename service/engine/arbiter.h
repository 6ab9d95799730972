// The critics of a mixture, asked to decide on the next step where the members do not agree.
#ifndef MOM_ENGINE_ARBITER_H_
#define MOM_ENGINE_ARBITER_H_

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Asks the mixture's critic to take the next step itself, with the request's own tools, after it
// has seen what the members propose, as data; where it fails, or what it answers is not usable or
// talks about the proposals, the next of the chain. Who has no tools, whose window is too small, or
// who was asked alone for this answer already is passed over. Gives what one of them did, without
// its reasoning and with the usage that an answer has (Outcome); nullopt: none of them did. An
// error: the client is gone. Cancellation: throws; the call stops.
asio::awaitable<StatusOr<std::optional<Candidate>>> AskArbiters(
    RunContext& context, std::vector<const Candidate*> proposals);

}  // namespace mom

#endif  // MOM_ENGINE_ARBITER_H_
