#include "service/engine/synthesize.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/engine/analyst.h"
#include "service/engine/anchor.h"
#include "service/engine/critic_reserve.h"
#include "service/engine/critics.h"
#include "service/engine/explain.h"
#include "service/engine/gather.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"

namespace mom {
namespace {

using Candidates = std::vector<const Candidate*>;

bool AnalysesApart(const MixtureConfig& mixture) { return mixture.analysis == "separate"; }

Candidates UsableOf(const std::vector<Candidate>& candidates) {
  Candidates usable;
  for (const Candidate& candidate : candidates) {
    if (candidate.usable()) usable.push_back(&candidate);
  }
  return usable;
}

// A text as a reader would take it, whatever its case, spaces and final stop.
std::string Gist(std::string_view text) {
  std::string gist;
  for (const unsigned char c : text) {
    if (std::isspace(c) == 0) {
      gist.push_back(static_cast<char>(std::tolower(c)));
    } else if (!gist.empty() && gist.back() != ' ') {
      gist.push_back(' ');
    }
  }
  while (!gist.empty() && (gist.back() == ' ' || gist.back() == '.')) gist.pop_back();
  return gist;
}

// Whether there is nothing to analyse: all say the same in a few words.
bool AllAgree(const Candidates& candidates) {
  constexpr std::size_t kFewBytes = 200;
  const std::string first = Gist(candidates.front()->completion.text);
  return first.size() <= kFewBytes &&
         std::all_of(candidates.begin(), candidates.end(), [&](const Candidate* candidate) {
           return Gist(candidate->completion.text) == first;
         });
}

// One run that has several candidates to make one of.
class Synthesis {
 public:
  // `anchor` is the best of `usable`: at least one.
  Synthesis(RunContext& context, Candidates usable, const Candidate& anchor)
      : context_(context), anchor_(anchor), usable_(std::move(usable)) {}

  asio::awaitable<StatusOr<Outcome>> Run() {
    if (const Candidate* verbatim = Verbatim())
      co_return co_await GiveCandidate(context_, *verbatim, Describe(*verbatim));
    const MixtureConfig& mixture = context_.mixture();
    if (mixture.analysis != "off" && AllAgree(usable_)) {
      co_return co_await GiveCandidate(context_, anchor_, "all usable candidates say the same");
    }
    if (mixture.critic.empty()) {
      context_.Degrade("no critic is configured");
      co_return co_await GiveCandidate(context_, anchor_, Describe(anchor_));
    }
    CriticTask task;
    task.candidates = usable_;
    task.anchor = &anchor_;
    task.nonce = NonceFoundInNone(usable_);
    task.limit = context_.AnswerLimit();
    if (AnalysesApart(mixture)) {
      StatusOr<AnalysisReport> analysis =
          co_await Analyse(context_, task.candidates, task.nonce, task.limit);
      if (!analysis.ok()) co_return analysis.status();
      task.analysis = std::move(analysis->json);
      task.first_failed = std::move(analysis->critic_failed);
    }
    StatusOr<std::optional<Outcome>> outcome = co_await AskCritics(context_, std::move(task));
    if (!outcome.ok()) co_return outcome.status();
    if (outcome->has_value()) co_return std::move(**outcome);
    co_return co_await GiveCandidate(context_, anchor_, Describe(anchor_));
  }

 private:
  // The candidate that goes out without a critic; null: the critic is to write.
  const Candidate* Verbatim() {
    for (const Candidate* candidate : usable_) {
      if (!candidate->completion.tool_calls.empty()) return candidate;
    }
    return usable_.size() == 1 ? usable_.front() : nullptr;
  }

  RunContext& context_;
  const Candidate& anchor_;
  const Candidates usable_;
};

}  // namespace

asio::awaitable<StatusOr<Outcome>> SynthesizeStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    co_return co_await FindStrategy("single")->Run(context);
  }
  GatherOptions options;
  options.limit = context.AnswerLimit();
  options.critic_at = CriticAt(context);
  const Status gathered = co_await Gather(context, std::move(options));
  if (!gathered.ok()) co_return gathered;
  const std::vector<Candidate>& candidates = context.record().candidates;
  const Candidate* anchor = FindAnchor(candidates);
  if (anchor == nullptr || !anchor->usable()) co_return co_await GiveAnchor(context);
  Synthesis synthesis(context, UsableOf(candidates), *anchor);
  co_return co_await synthesis.Run();
}

Deadline CriticAt(RunContext& context) {
  const Deadline deadline = context.deadline();
  const std::string& critic = context.mixture().critic;
  if (deadline.IsNever() || critic.empty()) return Deadline::Never();
  const Deadline limit = context.AnswerLimit();
  const Deadline::Duration whole = deadline.time() - context.record().start;
  const std::optional<std::int64_t> max_tokens =
      context.FindModel(critic)->MaxTokens(context.chat()->params.max_output_tokens);
  const Pace& pace = *context.PaceOf(critic);
  const Pace::Duration reserve = AnalysesApart(context.mixture())
                                     ? ReserveOfBoth(whole, pace, max_tokens)
                                     : CriticReserve(whole, pace, max_tokens);
  return Deadline::At(limit.time() - reserve);
}

asio::awaitable<StatusOr<Outcome>> SynthesizeFrom(RunContext& context, Candidates usable) {
  const Candidate& anchor = **std::max_element(
      usable.begin(), usable.end(),
      [](const Candidate* a, const Candidate* b) { return a->verdict.score < b->verdict.score; });
  Synthesis synthesis(context, std::move(usable), anchor);
  co_return co_await synthesis.Run();
}

CallPlan SynthesizeStrategy::Plan(const MixtureConfig& mixture) const {
  if (mixture.members.size() == 1) return FindStrategy("single")->Plan(mixture);
  CallPlan plan;
  plan.calls = static_cast<int>(mixture.members.size());
  // A repair is where no candidate is usable, so it comes in the place of the critic's calls.
  if (mixture.critic.empty()) {
    plan.fallbacks = RepairCalls(mixture);
    return plan;
  }
  plan.calls += AnalysesApart(mixture) ? 2 : 1;
  plan.fallbacks = static_cast<int>(mixture.critic_fallbacks.size());
  return plan;
}

}  // namespace mom
