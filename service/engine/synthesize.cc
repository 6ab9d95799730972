#include "service/engine/synthesize.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include "service/base/reasons.h"
#include "service/engine/answer_guard.h"
#include "service/engine/critic_prompt.h"
#include "service/engine/gather.h"
#include "service/engine/relay.h"
#include "service/engine/single.h"

namespace mom {
namespace {

using Candidates = std::vector<const Candidate*>;

// Of the time that is left, the share kept for the critic. Until its pace is known.
constexpr int kReservePercent = 25;
// What is kept at the end, to send the anchor where the critic takes all its time.
constexpr std::chrono::milliseconds kLastReserve{100};

Deadline Before(Deadline deadline, Deadline::Duration reserve) {
  return deadline.IsNever() ? deadline : Deadline::At(deadline.time() - reserve);
}

// Kept for the critic once there is something to judge.
Deadline CriticAt(const RunContext& context) {
  const Deadline deadline = context.deadline();
  if (deadline.IsNever() || context.mixture().critic.empty()) return Deadline::Never();
  return Before(deadline, deadline.Remaining() * kReservePercent / 100);
}

Candidates UsableOf(const std::vector<Candidate>& candidates) {
  Candidates usable;
  for (const Candidate& candidate : candidates) {
    if (candidate.usable()) usable.push_back(&candidate);
  }
  return usable;
}

std::vector<std::string> CriticChain(const MixtureConfig& mixture) {
  std::vector<std::string> chain;
  if (!mixture.critic.empty()) chain.push_back(mixture.critic);
  chain.insert(chain.end(), mixture.critic_fallbacks.begin(), mixture.critic_fallbacks.end());
  return chain;
}

// The tokens of the conversation as the critic's model counts them, without the candidates.
Usage AnswerUsage(const Usage& whole, const CriticPrompt& prompt, const std::string& critic,
                  const std::vector<Candidate>& candidates) {
  Usage usage = whole;
  usage.cost_nanos_usd.reset();
  const auto own = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) {
    return c.model == critic && c.completion.usage.prompt_tokens > 0 &&
           !c.completion.usage.estimated;
  });
  if (own != candidates.end()) {
    usage.prompt_tokens = own->completion.usage.prompt_tokens;
  } else {
    const std::int64_t all = EstimatePromptTokens(*prompt.chat);
    const std::int64_t kept = all - EstimateAddedTokens(prompt);
    usage.prompt_tokens = all > 0 ? whole.prompt_tokens * kept / all : whole.prompt_tokens;
    usage.estimated = true;
  }
  if (usage.cached_tokens)
    usage.cached_tokens = std::min(*usage.cached_tokens, usage.prompt_tokens);
  return usage;
}

// One run that has several candidates to make one of.
class Synthesis {
 public:
  Synthesis(RunContext& context, const std::vector<Candidate>& candidates)
      : context_(context), candidates_(candidates), usable_(UsableOf(candidates)) {}

  asio::awaitable<StatusOr<Outcome>> Run() {
    if (const Candidate* verbatim = Verbatim()) co_return co_await Give(*verbatim);
    const std::vector<std::string> chain = CriticChain(context_.mixture());
    for (std::size_t i = 0; i < chain.size(); ++i) {
      CriticPrompt prompt = Prompt(chain[i]);
      const Status told = co_await context_.TellStage(i == 0 ? "critic" : "critic_fallback",
                                                      chain[i], DraftLegend(prompt));
      if (!told.ok()) co_return told;
      StatusOr<std::optional<Outcome>> outcome = co_await AskCritic(chain[i], std::move(prompt));
      if (!outcome.ok()) co_return outcome.status();
      if (outcome->has_value()) co_return std::move(**outcome);
    }
    if (chain.empty()) context_.Degrade("no critic is configured");
    co_return co_await Give(*usable_.front());
  }

 private:
  // The candidate that goes out without a critic; null: the critic is to write.
  const Candidate* Verbatim() {
    if (usable_.empty()) {
      const Candidate* anchor = FindAnchor(candidates_);
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
    if (status.ok()) status = co_await context_.EmitWhole(candidate.completion);
    if (!status.ok()) co_return status;
    Outcome outcome;
    outcome.finish_reason = candidate.completion.finish_reason.value_or(FinishReason::kStop);
    outcome.answered_by = candidate.model;
    outcome.answer_usage = candidate.completion.usage;
    outcome.time_to_first_token = candidate.time_to_first_token;
    outcome.upstream_model = candidate.completion.upstream_model;
    co_return outcome;
  }

  CriticPrompt Prompt(const std::string& critic) const {
    CriticPromptOptions options;
    options.instruction = context_.mixture().critic_prompt;
    options.seed = std::hash<std::string>()(context_.request().request_id);
    const ModelConfig& model = *context_.FindModel(critic);
    if (model.context_window > 0) {
      // A quarter of the window is left for the answer.
      options.max_tokens = model.context_window - model.context_window / 4;
    }
    return MakeCriticPrompt(*context_.chat(), usable_, options);
  }

  // nullopt: this critic gave nothing that can go out, and nothing went out.
  asio::awaitable<StatusOr<std::optional<Outcome>>> AskCritic(std::string critic,
                                                              CriticPrompt prompt) {
    const AnswerGuard guard(prompt.nonce);
    auto stream = context_.Ask(critic, prompt.chat, CallRole::kCritic,
                               Before(context_.deadline(), kLastReserve));
    StatusOr<Relayed> relayed = co_await Relay(context_, std::move(stream), &guard);
    if (!relayed.ok()) co_return relayed.status();
    const Completion& completion = relayed->collected.completion;
    if (relayed->delivered) {
      Outcome outcome;
      outcome.finish_reason = completion.finish_reason.value_or(FinishReason::kStop);
      if (!completion.tool_calls.empty()) {
        // A critic has no say in calls; the text that is out stands alone.
        outcome.finish_reason = FinishReason::kStop;
        context_.Degrade("critic " + critic + ": its tool calls were left out");
      }
      outcome.answered_by = critic;
      outcome.answer_usage = AnswerUsage(completion.usage, prompt, critic, candidates_);
      outcome.time_to_first_token = relayed->collected.time_to_first_token;
      outcome.upstream_model = completion.upstream_model;
      co_return std::optional<Outcome>(std::move(outcome));
    }
    const Status& failure = relayed->collected.status;
    if (context_.committed()) co_return WithAnchorNote(failure);
    context_.Degrade("critic " + critic + ": " +
                     (failure.ok() ? relayed->rejected : GetErrorInfo(failure).reason));
    co_return std::optional<Outcome>();
  }

  static Status WithAnchorNote(const Status& failure) {
    ErrorInfo info = GetErrorInfo(failure);
    info.metadata["anchor_available"] = "true";
    return WithErrorInfo(failure, info);
  }

  RunContext& context_;
  const std::vector<Candidate>& candidates_;
  Candidates usable_;
};

}  // namespace

asio::awaitable<StatusOr<Outcome>> SynthesizeStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    static const SingleStrategy single;
    co_return co_await single.Run(context);
  }
  StatusOr<std::vector<Candidate>> gathered =
      co_await Gather(context, Before(context.deadline(), kLastReserve), CriticAt(context));
  if (!gathered.ok()) co_return gathered.status();
  std::vector<Candidate>& candidates = context.record().candidates;
  candidates = std::move(*gathered);
  if (FindAnchor(candidates) == nullptr) co_return AggregateFailure(candidates);
  Synthesis synthesis(context, candidates);
  co_return co_await synthesis.Run();
}

}  // namespace mom
