// A second try of a model whose answer did not keep its form.
#ifndef MOM_ENGINE_REPAIR_H_
#define MOM_ENGINE_REPAIR_H_

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// Whether an answer is one that the check's reason could mend: whole, but not in its form, or of
// tool calls that cannot be made.
bool CanBeRepaired(const Candidate& candidate);

// The calls that it can take.
inline int RepairCalls(const MixtureConfig& mixture) { return mixture.repair ? 1 : 0; }

// Asks the model of the best of the record's candidates that can be repaired once more, if the
// mixture has `repair`: the conversation, its answer, and what the check said of it. Gives what it
// answers where that is usable, for which there is a note; nullopt: there is none, or it is not, or
// it failed, for which there is a `degraded` note. Tells the stage "repair". An error: the client
// is gone. Cancellation: throws; the call stops.
asio::awaitable<StatusOr<std::optional<Candidate>>> RepairBest(RunContext& context);

}  // namespace mom

#endif  // MOM_ENGINE_REPAIR_H_
