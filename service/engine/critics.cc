#include "service/engine/critics.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/critic_prompt.h"
#include "service/engine/member_request.h"
#include "service/engine/opening.h"
#include "service/engine/pace.h"
#include "service/engine/relay.h"
#include "service/net/fan_out.h"

namespace mom {
namespace {

using Clock = Deadline::Clock;

// A critic is late once it took longer than this share of its answers to begin.
constexpr double kLateShare = 0.95;

// One critic at work. Shared with the child that waits for its start, which may unwind after the
// run is gone.
struct Critic {
  Critic(std::string name, CriticPrompt asked, std::shared_ptr<Pace> known,
         std::unique_ptr<DeltaStream> stream, std::shared_ptr<const ChatRequest> question,
         bool hold_whole, const asio::any_io_executor& executor)
      : model(std::move(name)),
        prompt(std::move(asked)),
        pace(std::move(known)),
        answer(std::move(stream), std::move(question), AnswerGuard(prompt.nonce), hold_whole,
               executor) {}
  Critic(const Critic&) = delete;
  Critic& operator=(const Critic&) = delete;
  ~Critic() { Learn(); }

  // What this call says of the model's pace, in whatever way it ended.
  void Learn() {
    const Relayed& result = answer.result();
    const Collected& collected = result.collected;
    const bool was_stopped = collected.latency == std::chrono::nanoseconds::zero();
    const bool timed_out = collected.status.code() == StatusCode::kDeadlineExceeded;
    const std::chrono::nanoseconds took = was_stopped ? Clock::now() - start : collected.latency;
    if (result.time_to_first_visible) {
      pace->Add(Pace::Of::kCriticStart, *result.time_to_first_visible);
    } else if (was_stopped || timed_out) {
      pace->AddCut(Pace::Of::kCriticStart, took);
    }
    if (was_stopped || timed_out) pace->AddCut(Pace::Of::kCriticAnswer, took);
    if (!result.delivered) return;
    pace->Add(Pace::Of::kCriticAnswer, took);
    const Usage& usage = collected.completion.usage;
    const std::int64_t tokens = usage.completion_tokens - usage.reasoning_tokens.value_or(0);
    if (tokens > 1) {
      pace->Add(Pace::Of::kCriticToken, (took - *result.time_to_first_visible) / (tokens - 1));
    }
  }

  const std::string model;
  const CriticPrompt prompt;
  const std::shared_ptr<Pace> pace;
  const Clock::time_point start = Clock::now();
  HeldAnswer answer;
  bool is_hedge = false;
  bool may_be_hedged = true;  // until that was tried
};

// The critic, then its fallbacks.
std::vector<std::string> CriticChain(const MixtureConfig& mixture) {
  std::vector<std::string> chain = {mixture.critic};
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

Status WithAnchorNote(const Status& failure) {
  ErrorInfo info = GetErrorInfo(failure);
  info.metadata["anchor_available"] = "true";
  return WithErrorInfo(failure, info);
}

// The critics of one run.
class Race {
 public:
  Race(RunContext& context, std::vector<const Candidate*> candidates, Deadline limit,
       const asio::any_io_executor& executor)
      : context_(context),
        candidates_(std::move(candidates)),
        limit_(limit),
        executor_(executor),
        chain_(CriticChain(context.mixture())),
        fan_out_(std::in_place, executor) {}

  asio::awaitable<StatusOr<std::optional<Outcome>>> Run() {
    PassOver(EstimatePromptTokens(*context_.chat()) - 1);
    Status status;
    while (status.ok()) {
      if (at_work_.empty() && !HasNext()) co_return std::optional<Outcome>();
      if (at_work_.empty()) {
        status = co_await StartNext(asked_ == 0 ? "critic" : "critic_fallback");
        continue;
      }
      std::optional<FanOut<Opened<Critic>>::Result> result = co_await fan_out_->Next(HedgeAt());
      if (!result) {
        status = co_await Hedge();
        continue;
      }
      const std::shared_ptr<Critic> critic = result->value.whose;
      std::erase(at_work_, critic);
      if (result->value.first) {
        co_return co_await PassOn(critic, std::move(*result->value.first));
      }
      NoteFailure(*critic);
    }
    co_return status;
  }

 private:
  bool HasNext() const { return asked_ < chain_.size(); }

  asio::awaitable<Status> StartNext(std::string stage) {
    const std::string model = chain_[asked_++];
    CriticPrompt prompt = Prompt(model);
    std::string legend = DraftLegend(prompt);
    auto stream = context_.Ask(model, prompt.chat, CallRole::kCritic, limit_);
    auto critic = std::make_shared<Critic>(model, std::move(prompt), context_.PaceOf(model),
                                           std::move(stream), context_.chat(), context_.holds_all(),
                                           executor_);
    at_work_.push_back(critic);
    critic->is_hedge = stage == kHedgeStage;
    if (!critic->is_hedge) critic->pace->hedges().OnCall(context_.mixture().critic_hedge);
    fan_out_->Add(Open(critic));
    co_return co_await context_.TellStage(std::move(stage), model, std::move(legend));
  }

  // Leaves those of the chain out whose window is known and no larger than this many tokens: the
  // conversation is never cut for them.
  void PassOver(std::int64_t too_small) {
    const auto is_too_small = [&](const std::string& model) {
      const std::int64_t window = context_.FindModel(model)->context_window;
      if (window == 0 || window > too_small) return false;
      context_.Degrade("critic " + model + ": " + reason::kContextLengthExceeded);
      return true;
    };
    const auto next = chain_.begin() + static_cast<std::ptrdiff_t>(asked_);
    chain_.erase(std::remove_if(next, chain_.end(), is_too_small), chain_.end());
  }

  // When the critic at work is late; never, where nobody is to be asked beside it.
  Deadline HedgeAt() const {
    const Critic& critic = *at_work_.front();
    if (at_work_.size() > 1 || !HasNext() || !critic.may_be_hedged) return Deadline::Never();
    if (context_.mixture().critic_hedge <= 0) return Deadline::Never();
    const auto usual = critic.pace->ToGo(Pace::Of::kCriticStart, kLateShare);
    return usual ? Deadline::At(critic.start + *usual) : Deadline::Never();
  }

  asio::awaitable<Status> Hedge() {
    Critic& critic = *at_work_.front();
    critic.may_be_hedged = false;
    if (critic.answer.visible() || !critic.pace->hedges().Take()) co_return Status();
    co_return co_await StartNext(kHedgeStage);
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
    return MakeCriticPrompt(*WithoutWhatItCannotTake(context_.chat(), model), candidates_, options);
  }

  // The race is over: the others are cancelled before anything goes out.
  asio::awaitable<StatusOr<std::optional<Outcome>>> PassOn(std::shared_ptr<Critic> critic,
                                                           ChatDelta first) {
    if (critic->is_hedge && !at_work_.empty()) {
      context_.Note("critic " + critic->model + " wrote the answer, as " + at_work_.front()->model +
                    " was silent for longer than usual (mixtures." + context_.mixture().name +
                    ".critic_hedge)");
    }
    at_work_.clear();
    fan_out_.reset();
    std::optional<ChatDelta> piece(std::move(first));
    const Status sent = co_await Relay(context_, critic->answer, std::move(piece));
    if (!sent.ok()) co_return sent;
    co_return OutcomeFrom(*critic);
  }

  StatusOr<std::optional<Outcome>> OutcomeFrom(const Critic& critic) {
    const Relayed& relayed = critic.answer.result();
    const Completion& completion = relayed.collected.completion;
    if (!relayed.delivered) return WithAnchorNote(relayed.collected.status);
    Outcome outcome = OutcomeOf(critic.model, completion, relayed.collected.time_to_first_token);
    if (!completion.tool_calls.empty()) {
      // A critic has no say in calls; the text that is out stands alone.
      outcome.finish_reason = FinishReason::kStop;
      context_.Degrade("critic " + critic.model + ": its tool calls were left out");
    }
    outcome.answer_usage =
        AnswerUsage(completion.usage, critic.prompt, critic.model, context_.record().candidates);
    return std::optional<Outcome>(std::move(outcome));
  }

  void NoteFailure(const Critic& critic) {
    const Relayed& result = critic.answer.result();
    const Status& failure = result.collected.status;
    context_.Degrade("critic " + critic.model + ": " +
                     (failure.ok() ? result.rejected : GetErrorInfo(failure).reason));
    if (GetErrorInfo(failure).reason == reason::kContextLengthExceeded) {
      PassOver(context_.FindModel(critic.model)->context_window);
    }
  }

  static constexpr char kHedgeStage[] = "critic_hedge";

  RunContext& context_;
  const std::vector<const Candidate*> candidates_;
  const Deadline limit_;
  const asio::any_io_executor executor_;
  std::vector<std::string> chain_;
  std::size_t asked_ = 0;                          // of the chain
  std::optional<FanOut<Opened<Critic>>> fan_out_;  // its destruction cancels who is at work
  std::vector<std::shared_ptr<Critic>> at_work_;
};

}  // namespace

asio::awaitable<StatusOr<std::optional<Outcome>>> AskCritics(
    RunContext& context, std::vector<const Candidate*> candidates, Deadline limit) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Race race(context, std::move(candidates), limit, executor);
  co_return co_await race.Run();
}

}  // namespace mom
