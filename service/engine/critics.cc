#include "service/engine/critics.h"

#include <algorithm>
#include <functional>
#include <memory>
#include <utility>

#include "service/base/reasons.h"
#include "service/engine/choose_strategy.h"
#include "service/engine/member_request.h"
#include "service/engine/opening.h"
#include "service/engine/pace.h"
#include "service/engine/relay.h"
#include "service/net/fan_out.h"

namespace mom {
namespace {

// What a word of AnswerGuard's that does not speak for itself means.
const char* Meaning(std::string_view rejected) {
  if (rejected == "process_talk") return " (it wrote about the drafts in place of an answer)";
  if (rejected == "fence") return " (it repeated what marks the drafts)";
  if (rejected == "contract_broken") return " (its answer does not keep the form)";
  return "";
}

using Clock = Deadline::Clock;

// A critic is late once it took longer than this share of its answers to begin.
constexpr double kLateShare = 0.95;

// One critic at work. Shared with the child that waits for its start, which may unwind after the
// run is gone.
struct Critic {
  Critic(std::string name, CriticPrompt asked, std::shared_ptr<Pace> known,
         std::unique_ptr<DeltaStream> stream, AnswerGuard guard, std::shared_ptr<ToolRules> rules,
         bool hold_whole, const asio::any_io_executor& executor)
      : model(std::move(name)),
        prompt(std::move(asked)),
        pace(std::move(known)),
        answer(std::move(stream), std::move(rules), std::move(guard), hold_whole, executor) {}
  Critic(const Critic&) = delete;
  Critic& operator=(const Critic&) = delete;
  ~Critic() { Learn(); }

  // What this call says of the model's pace, in whatever way it ended.
  void Learn() {
    const Relayed& result = answer.result();
    const Collected& collected = result.collected;
    const bool was_stopped = collected.latency == std::chrono::nanoseconds::zero();
    const bool timed_out = collected.status.code() == StatusCode::kDeadlineExceeded;
    const std::chrono::nanoseconds took = was_stopped ? answer.waited() : collected.latency;
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

std::string WriterInstruction(const MixtureConfig& mixture) {
  std::string instruction =
      mixture.critic_prompt.empty() ? kCriticInstruction : mixture.critic_prompt;
  if (mixture.analysis == "inline") instruction += kInlineAnalysis;
  return instruction;
}

Status WithAnchorNote(const Status& failure) {
  ErrorInfo info = GetErrorInfo(failure);
  info.metadata["anchor_available"] = "true";
  return WithErrorInfo(failure, info);
}

// The critics of one run.
class Race {
 public:
  Race(RunContext& context, CriticTask task, const asio::any_io_executor& executor)
      : context_(context),
        task_(std::move(task)),
        demands_form_(!IsOpenProse(context.contract().kind)),
        executor_(executor),
        chain_(CriticChain(context.mixture())),
        fan_out_(std::in_place, executor) {}

  asio::awaitable<StatusOr<std::optional<Outcome>>> Run() {
    PassOver(EstimatePromptTokens(*context_.chat()) - 1);
    if (!task_.first_failed.empty() && chain_.size() > 1) {
      NoteFailure(chain_[asked_++], task_.first_failed);
    }
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
      const Relayed& relayed = critic->answer.result();
      const Status& failure = relayed.collected.status;
      NoteFailure(critic->model, failure.ok() ? relayed.rejected : GetErrorInfo(failure).reason);
    }
    co_return status;
  }

 private:
  bool HasNext() const { return asked_ < chain_.size(); }

  asio::awaitable<Status> StartNext(std::string stage) {
    const std::string model = chain_[asked_++];
    CriticPrompt prompt = Prompt(model);
    std::string legend = DraftLegend(prompt);
    Others others;
    others.fallback =
        std::any_of(chain_.begin() + static_cast<std::ptrdiff_t>(asked_), chain_.end(),
                    [&](const std::string& next) { return context_.WouldBeAsked(next); });
    auto stream =
        context_.Ask(model, prompt.chat, CallRole::kCritic, task_.limit, std::move(others));
    auto critic = std::make_shared<Critic>(model, std::move(prompt), context_.PaceOf(model),
                                           std::move(stream), Guard(), context_.tool_rules(),
                                           demands_form_ || context_.holds_all(), executor_);
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
    options.instruction = WriterInstruction(context_.mixture());
    options.nonce = task_.nonce;
    options.analysis = task_.analysis;
    return PromptFor(context_, critic, task_.candidates, std::move(options));
  }

  AnswerGuard Guard() const {
    AnswerGuard guard(task_.nonce, context_.chat());
    if (demands_form_) guard.HoldTo(context_.contract(), task_.anchor->verdict.score);
    return guard;
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

  void NoteFailure(const std::string& model, const std::string& why) {
    context_.Degrade("critic " + model + ": " + why + Meaning(why));
    if (why == reason::kContextLengthExceeded) PassOver(context_.FindModel(model)->context_window);
  }

  static constexpr char kHedgeStage[] = "critic_hedge";

  RunContext& context_;
  const CriticTask task_;
  const bool demands_form_;
  const asio::any_io_executor executor_;
  std::vector<std::string> chain_;
  std::size_t asked_ = 0;                          // of the chain
  std::optional<FanOut<Opened<Critic>>> fan_out_;  // its destruction cancels who is at work
  std::vector<std::shared_ptr<Critic>> at_work_;
};

}  // namespace

asio::awaitable<StatusOr<std::optional<Outcome>>> AskCritics(RunContext& context, CriticTask task) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Race race(context, std::move(task), executor);
  co_return co_await race.Run();
}

std::vector<std::string> CriticChain(const MixtureConfig& mixture) {
  std::vector<std::string> chain;
  if (!mixture.critic.empty()) chain.push_back(mixture.critic);
  chain.insert(chain.end(), mixture.critic_fallbacks.begin(), mixture.critic_fallbacks.end());
  return chain;
}

CriticPrompt PromptFor(RunContext& context, const std::string& critic,
                       const std::vector<const Candidate*>& candidates,
                       CriticPromptOptions options) {
  options.seed = std::hash<std::string>()(context.request().request_id);
  const ModelConfig& model = *context.FindModel(critic);
  options.max_tokens = PromptRoom(model);
  return MakeCriticPrompt(*WithoutWhatItCannotTake(context.chat(), model), candidates, options);
}

bool FitsWindow(RunContext& context, const std::string& critic) {
  const std::int64_t window = context.FindModel(critic)->context_window;
  return window == 0 || window >= EstimatePromptTokens(*context.chat());
}

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

}  // namespace mom
