// A model that says which of a few answers is the best, and nothing else.
#ifndef MOM_ENGINE_JUDGE_H_
#define MOM_ENGINE_JUDGE_H_

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/strategy.h"

namespace mom {

// More answers than these are not compared: beyond the first few by score they win too seldom.
inline constexpr std::size_t kMostJudged = 3;

// The calls that a judgement of so many answers takes.
int JudgeCalls(std::size_t answers);

// When the members' time is over where there is something to choose from; never, where the mixture
// has no judge.
Deadline JudgeAt(RunContext& context);

struct Judgement {
  std::size_t winner = 0;  // of the answers
  std::string reason;      // one line for people
};

// Asks the mixture's judge about `answers`: usable candidates that differ, at least two, the
// likeliest first; those beyond kMostJudged are left out. Each other one is compared with the
// first, under blind labels and in both orders, as models prefer a place; all calls at once. Who
// wins in both orders wins; of several the first one. In all other cases the first answer does:
// where the orders disagree, where a call fails or brings no label, and where it takes longer than
// it usually does (pace.h), for which there is a `degraded` note. So a judge can never cost an
// answer. What cannot change the outcome any more is cancelled. Tells the stage "judge". An error:
// the client is gone. Cancellation: throws; all calls stop.
asio::awaitable<StatusOr<Judgement>> Judge(RunContext& context,
                                           std::vector<const Candidate*> answers);

// Which of two drafts a judge named: 0 for "A", 1 for "B", also as "**b**.", "Draft B" or "The
// better answer is B"; nullopt: it wrote something else.
std::optional<std::size_t> NamedDraft(std::string_view text);

}  // namespace mom

#endif  // MOM_ENGINE_JUDGE_H_
