// A model that is asked to decide on the next step where the members do not agree.
#ifndef MOM_ENGINE_ARBITER_H_
#define MOM_ENGINE_ARBITER_H_

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Asks `model`, which FindModel knows, to take the next step itself, with the request's own tools,
// after it has seen `proposals`, as data. Gives what it did, without its reasoning and with the
// usage that an answer has (Outcome). nullopt: it has no tools, its window is too small, it failed,
// or what it answers is not usable, has not the form that the request demands, or talks about the
// proposals; a `degraded` note says which. An error: the client is gone. Cancellation: throws; the
// call stops.
asio::awaitable<StatusOr<std::optional<Candidate>>> AskArbiter(
    RunContext& context, std::string model, std::vector<const Candidate*> proposals);

}  // namespace mom

#endif  // MOM_ENGINE_ARBITER_H_
