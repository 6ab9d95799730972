// How much of a request's time is kept for whoever works on the members' answers.
#ifndef MOM_ENGINE_CRITIC_RESERVE_H_
#define MOM_ENGINE_CRITIC_RESERVE_H_

#include <cstdint>
#include <optional>

#include "service/engine/pace.h"

namespace mom {

// What is kept of `whole`, a request's time, for a critic of that pace: what nine of ten of its
// answers need to begin, and from there on `max_tokens` at its usual rate; where no limit of tokens
// is known, what nine of ten of its whole answers need. Between 25 % and 60 % of the whole, and
// 25 % until its pace is known.
Pace::Duration CriticReserve(Pace::Duration whole, const Pace& pace,
                             std::optional<std::int64_t> max_tokens);

// What an analysis of the candidates may take of it: what nine of ten took. Between 5 % and 20 %,
// and 10 % until its pace is known.
Pace::Duration AnalysisReserve(Pace::Duration whole, const Pace& pace);

// What is kept for the analysis and the answer after it: at most 60 %. Where both need more, the
// analysis has what the members leave.
Pace::Duration ReserveOfBoth(Pace::Duration whole, const Pace& pace,
                             std::optional<std::int64_t> max_tokens);

// What a judge of that pace gets of it, all its calls at once: what 19 of 20 of its judgements
// need, and at least 1 s; 10 s until its pace is known. At most a tenth of the whole.
Pace::Duration JudgeReserve(Pace::Duration whole, const Pace& pace);

}  // namespace mom

#endif  // MOM_ENGINE_CRITIC_RESERVE_H_
