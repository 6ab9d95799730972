// The critics of a mixture, asked until one of them answers.
#ifndef MOM_ENGINE_CRITICS_H_
#define MOM_ENGINE_CRITICS_H_

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <vector>

#include "service/engine/candidate.h"
#include "service/engine/critic_prompt.h"
#include "service/engine/strategy.h"

namespace mom {

// What the critics are to write from. The candidates are the record's.
struct CriticTask {
  std::vector<const Candidate*> candidates;  // usable ones
  const Candidate* anchor = nullptr;         // what goes out where no critic does better
  std::string nonce;                         // of the candidates' fence
  std::string analysis;                      // as CriticPromptOptions has it
  // Why the first of the chain did not answer when it was asked for the analysis; empty: it did, or
  // was not asked. Then the chain begins with the next one, where there is one.
  std::string first_failed;
  Deadline limit;  // of all critics
};

// Asks the mixture's critic to write one answer from the usable candidates, and passes it on; where
// it fails, its provider wants a long wait, or what it writes cannot go out, the next of the chain.
// What it writes must pass the guard (answer_guard.h), and where the request demands a form, keep
// that as well as the anchor does, for which it is held until it is whole. Hedges: where a critic
// has been silent for longer than 95 % of its answers began, as learnt (pace.h), the next one is
// asked beside it, if the mixture's `critic_hedge` leaves a token; whoever first has a start that
// can go out is passed on, and the other is cancelled. Each of the chain is asked at most once, two
// at most at a time. nullopt: none gave anything that can go out, and nothing went out. An error:
// the client is gone, or the answer broke off after a part of it was out. Cancellation: throws; all
// calls stop.
asio::awaitable<StatusOr<std::optional<Outcome>>> AskCritics(RunContext& context, CriticTask task);

// What `critic` is asked of the candidates, within its window and without what it cannot take. Sets
// the options' `seed` and `max_tokens`.
CriticPrompt PromptFor(RunContext& context, const std::string& critic,
                       const std::vector<const Candidate*>& candidates,
                       CriticPromptOptions options);

// Whether the conversation alone fits its window, as far as that is known.
bool FitsWindow(RunContext& context, const std::string& critic);

// The mixture's critic, where it has one, then its fallbacks.
std::vector<std::string> CriticChain(const MixtureConfig& mixture);

// What the conversation and the answer took of `whole`, the usage of `critic`'s call: without the
// candidates that it was shown.
Usage AnswerUsage(const Usage& whole, const CriticPrompt& prompt, const std::string& critic,
                  const std::vector<Candidate>& candidates);

}  // namespace mom

#endif  // MOM_ENGINE_CRITICS_H_
