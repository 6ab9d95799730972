#include "service/engine/synthesize.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/engine/critic_reserve.h"
#include "service/engine/critics.h"
#include "service/engine/gather.h"
#include "service/engine/single.h"

namespace mom {
namespace {

using Candidates = std::vector<const Candidate*>;

Candidates UsableOf(const std::vector<Candidate>& candidates) {
  Candidates usable;
  for (const Candidate& candidate : candidates) {
    if (candidate.usable()) usable.push_back(&candidate);
  }
  return usable;
}

// One run that has several candidates to make one of.
class Synthesis {
 public:
  Synthesis(RunContext& context, Candidates usable)
      : context_(context), usable_(std::move(usable)) {}

  asio::awaitable<StatusOr<Outcome>> Run() {
    if (const Candidate* verbatim = Verbatim()) co_return co_await Give(*verbatim);
    if (context_.mixture().critic.empty()) {
      context_.Degrade("no critic is configured");
      co_return co_await Give(*usable_.front());
    }
    StatusOr<std::optional<Outcome>> outcome =
        co_await AskCritics(context_, usable_, context_.AnswerLimit());
    if (!outcome.ok()) co_return outcome.status();
    if (outcome->has_value()) co_return std::move(**outcome);
    co_return co_await Give(*usable_.front());
  }

 private:
  // The candidate that goes out without a critic; null: the critic is to write.
  const Candidate* Verbatim() {
    if (usable_.empty()) {
      const Candidate* anchor = FindAnchor(context_.record().candidates);
      if (anchor != nullptr)
        context_.Degrade(std::string("no usable candidate: ") + NameOf(anchor->grade));
      return anchor;
    }
    for (const Candidate* candidate : usable_) {
      if (!candidate->completion.tool_calls.empty()) return candidate;
    }
    return usable_.size() == 1 ? usable_.front() : nullptr;
  }

  // Passes a candidate on byte for byte.
  asio::awaitable<StatusOr<Outcome>> Give(const Candidate& candidate) {
    Status status = co_await context_.TellStage("anchor", candidate.model, NameOf(candidate.grade));
    if (status.ok()) status = co_await context_.EmitWhole(candidate.completion, candidate.model);
    if (!status.ok()) co_return status;
    co_return OutcomeOf(candidate.model, candidate.completion, candidate.time_to_first_token);
  }

  RunContext& context_;
  Candidates usable_;
};

}  // namespace

asio::awaitable<StatusOr<Outcome>> SynthesizeStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    static const SingleStrategy single;
    co_return co_await single.Run(context);
  }
  GatherOptions options;
  options.limit = context.AnswerLimit();
  options.critic_at = CriticAt(context);
  const Status gathered = co_await Gather(context, std::move(options));
  if (!gathered.ok()) co_return gathered;
  const std::vector<Candidate>& candidates = context.record().candidates;
  if (FindAnchor(candidates) == nullptr) co_return AggregateFailure(candidates);
  Synthesis synthesis(context, UsableOf(candidates));
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
  return Deadline::At(limit.time() - CriticReserve(whole, *context.PaceOf(critic), max_tokens));
}

asio::awaitable<StatusOr<Outcome>> SynthesizeFrom(RunContext& context, Candidates usable) {
  Synthesis synthesis(context, std::move(usable));
  co_return co_await synthesis.Run();
}

CallPlan SynthesizeStrategy::Plan(const MixtureConfig& mixture) const {
  CallPlan plan;
  plan.calls = static_cast<int>(mixture.members.size());
  if (plan.calls == 1) return plan;
  if (!mixture.critic.empty()) ++plan.calls;
  plan.fallbacks = static_cast<int>(mixture.critic_fallbacks.size());
  return plan;
}

}  // namespace mom
