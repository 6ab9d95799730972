// The first look at the candidates, before one answer is written from them.
#ifndef MOM_ENGINE_ANALYST_H_
#define MOM_ENGINE_ANALYST_H_

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

struct AnalysisReport {
  std::string json;  // for the writer; empty: there is none, and a note says why
  // Why the critic gave no answer at all, in a word, as CriticTask::first_failed has it; empty: it
  // answered, in whatever way, or was not asked.
  std::string critic_failed;
};

// Has the mixture's critic analyse the candidates (analysis.h), with `nonce` as their fence; the
// time until `limit` is also the writer's, whose part is left alone. The writer goes on without an
// analysis where the critic fails, is late, or gives something else. An error: the client is gone.
// Cancellation: throws; the call stops.
asio::awaitable<StatusOr<AnalysisReport>> Analyse(RunContext& context,
                                                  std::vector<const Candidate*> candidates,
                                                  std::string nonce, Deadline limit);

}  // namespace mom

#endif  // MOM_ENGINE_ANALYST_H_
