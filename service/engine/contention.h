// Which candidates are so near to the best that their checks do not settle which one is better.
#ifndef MOM_ENGINE_CONTENTION_H_
#define MOM_ENGINE_CONTENTION_H_

#include <cstddef>
#include <vector>

#include "service/contract/contract.h"
#include "service/engine/candidate.h"

namespace mom {

// Candidates that all come to the same (service/contract/effect.h), the best first; at least one.
struct Rival {
  std::vector<const Candidate*> alike;
  const Candidate& best() const { return *alike.front(); }
};

// The anchor, and the usable candidates that come to something else with a score that is nearly as
// high: by score, then by the mixture's order. The anchor alone where it is not usable, or calls a
// tool; nobody where there is none. The candidates must outlive it and stay where they are. Pure.
std::vector<Rival> FindRivals(const Contract& contract, const std::vector<Candidate>& candidates);

// The same among usable candidates without tool calls, at least one.
std::vector<Rival> FindRivals(const Contract& contract, std::vector<const Candidate*> texts);

// Those of the rivals who are more than half of all `candidates`: they need no judge. Null: none
// are.
const Rival* MajorityOf(const std::vector<Rival>& rivals, std::size_t candidates);

// Whether none that is still under way (kCancelled) could change what goes out. Where a judge is
// asked about what is not settled, the rest may be as good as the best and differ from it, so that
// takes the best score and the agreement of more than half. Where none is asked, it is enough that
// no other can become the anchor (candidate.h) and that no others can be more than half.
bool IsSettled(const Contract& contract, const std::vector<Candidate>& candidates, bool has_judge);

}  // namespace mom

#endif  // MOM_ENGINE_CONTENTION_H_
