// The best candidate goes out as it is.
#ifndef MOM_ENGINE_ANCHOR_H_
#define MOM_ENGINE_ANCHOR_H_

#include <boost/asio/awaitable.hpp>

#include "service/engine/strategy.h"

namespace mom {

// Passes the best candidate there is on (FindAnchor). Where it is not usable, it is first tried to
// make a usable answer of what there is: by blocks of others, if the mixture has `graft`
// (give_graft.h), then by asking a model once more, if it has `repair` and that can help
// (repair.h); else it goes out as it is, degraded. An error: none has an answer, or the client is
// gone.
asio::awaitable<StatusOr<Outcome>> GiveAnchor(RunContext& context);

// The same without trying to make anything of it.
asio::awaitable<StatusOr<Outcome>> GiveAsItIs(RunContext& context);

}  // namespace mom

#endif  // MOM_ENGINE_ANCHOR_H_
