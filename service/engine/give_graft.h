// An answer of the candidates' pieces, where none of them keeps its form.
#ifndef MOM_ENGINE_GIVE_GRAFT_H_
#define MOM_ENGINE_GIVE_GRAFT_H_

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "service/engine/strategy.h"

namespace mom {

// Mends the best of the candidates that can be mended by blocks of the others
// (service/contract/graft.h), and passes it on as its model's, with a note; no model is asked.
// Tells the stage "graft", and in the candidates' `why` what of whom went out. Those that were cut,
// refused or called tools take no part. nullopt: nothing is proven to apply, and nothing went out.
// An error: the client is gone.
asio::awaitable<StatusOr<std::optional<Outcome>>> GiveGraft(RunContext& context);

}  // namespace mom

#endif  // MOM_ENGINE_GIVE_GRAFT_H_
