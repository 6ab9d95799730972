// The first look at the candidates, before one answer is written from them.
#ifndef MOM_ENGINE_ANALYST_H_
#define MOM_ENGINE_ANALYST_H_

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Has the mixture's critic analyse the candidates (analysis.h), with `nonce` as their fence; the
// time until `limit` is also the writer's, whose part is left alone. Gives JSON for the writer,
// which goes on without where there is none: the critic fails, is late, or gives something else;
// then "", and a note says why. An error: the client is gone. Cancellation: throws; the call stops.
asio::awaitable<StatusOr<std::string>> Analyse(RunContext& context,
                                               std::vector<const Candidate*> candidates,
                                               std::string nonce, Deadline limit);

}  // namespace mom

#endif  // MOM_ENGINE_ANALYST_H_
