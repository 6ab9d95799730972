#include "service/engine/race.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/engine/anchor.h"
#include "service/engine/choose_strategy.h"
#include "service/engine/gather.h"
#include "service/engine/member_request.h"
#include "service/engine/opening.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"
#include "service/net/fan_out.h"

namespace mom {
namespace {

// One member in a race for the commit point. Shared with the child that waits for its start, which
// may unwind after the run is gone.
struct Runner {
  Runner(std::size_t among_candidates, std::unique_ptr<DeltaStream> stream,
         std::shared_ptr<ToolRules> rules, const asio::any_io_executor& executor)
      : place(among_candidates),
        answer(std::move(stream), std::move(rules), std::nullopt, false, executor) {}
  const std::size_t place;
  HeldAnswer answer;
};

asio::awaitable<Opened<Runner>> OpenPastDoubt(std::shared_ptr<Runner> runner) {
  Opened<Runner> opened = co_await Open(std::move(runner));
  co_await ReadOnInDoubt(opened.whose->answer, opened.first);
  co_return opened;
}

bool IsGood(const Opened<Runner>& opened) {
  const Relayed& result = opened.whose->answer.result();
  if (result.delivered) return result.grade == Grade::kUsable;
  return opened.first->refusal.empty() && !LooksLikeRefusal(opened.first->text);
}

// The race of one run for the commit point.
class StreamedRace {
 public:
  StreamedRace(RunContext& context, const asio::any_io_executor& executor)
      : context_(context),
        executor_(executor),
        candidates_(context.record().candidates),
        fan_out_(std::in_place, executor) {}

  asio::awaitable<StatusOr<Outcome>> Run() {
    Start();
    std::string detail = std::to_string(fan_out_->pending()) + " asked, the first good one wins";
    Status status = co_await context_.TellStage("members", std::string(), std::move(detail));
    while (status.ok()) {
      std::optional<FanOut<Opened<Runner>>::Result> next = co_await fan_out_->Next();
      if (!next) break;
      Opened<Runner> opened = std::move(next->value);
      if (!opened.first) {
        status = co_await TakeEnd(*opened.whose);
      } else if (IsGood(opened)) {
        co_return co_await PassOn(std::move(opened));
      } else if (!last_resort_.first) {
        last_resort_ = std::move(opened);
      }
    }
    if (!status.ok()) co_return status;
    if (!last_resort_.first) co_return co_await GiveAnchor(context_);
    context_.Degrade("no usable candidate");
    co_return co_await PassOn(std::move(last_resort_));
  }

 private:
  void Start() {
    for (const std::string& name : context_.mixture().members) {
      StatusOr<std::shared_ptr<const ChatRequest>> chat =
          MemberRequest(context_.chat(), *context_.FindModel(name), context_.mixture());
      if (!chat.ok()) {
        context_.record().Add(SkippedCandidate(name, chat.status()));
        continue;
      }
      const Candidate& candidate = context_.record().Add(CandidateUnderWay(name));
      auto stream = context_.AskMember(candidate, *chat, context_.AnswerLimit());
      auto runner = std::make_shared<Runner>(candidates_.size() - 1, std::move(stream),
                                             context_.tool_rules(), executor_);
      fan_out_->Add(OpenPastDoubt(std::move(runner)));
    }
  }

  // Of one who is over and has nothing that can go out.
  asio::awaitable<Status> TakeEnd(const Runner& runner) {
    Candidate& candidate = candidates_[runner.place];
    candidate = MakeCandidate(candidate, runner.answer.result().collected, *context_.tool_rules());
    context_.Degrade(
        "member " + candidate.model + " " + NameOf(candidate.state) + ": " +
        (candidate.error.ok() ? NameOf(candidate.grade) : GetErrorInfo(candidate.error).reason));
    co_return co_await context_.TellCandidate(candidate);
  }

  // The race is over: the others are cancelled before anything goes out.
  asio::awaitable<StatusOr<Outcome>> PassOn(Opened<Runner> winner) {
    fan_out_.reset();
    Candidate& candidate = candidates_[winner.whose->place];
    std::string model = candidate.model;
    Status status = co_await context_.TellStage("anchor", std::move(model), "the first good one");
    if (!status.ok()) co_return status;
    status = co_await Relay(context_, winner.whose->answer, std::move(winner.first));
    if (!status.ok()) co_return status;
    const Relayed& result = winner.whose->answer.result();
    candidate = MakeCandidate(candidate, result.collected, *context_.tool_rules());
    for (Candidate& other : candidates_) {
      if (!status.ok()) co_return status;
      if (other.state == CandidateState::kCancelled) {
        other.error = MakeError(StatusCode::kCancelled,
                                "stopped, as " + candidate.model + " was first", ErrorInfo());
      } else if (&other != &candidate) {
        continue;  // told
      }
      status = co_await context_.TellCandidate(other);
    }
    if (!result.delivered) co_return result.collected.status;
    co_return OutcomeOf(candidate.model, candidate.completion, candidate.time_to_first_token);
  }

  RunContext& context_;
  const asio::any_io_executor executor_;
  std::vector<Candidate>& candidates_;             // the record's
  std::optional<FanOut<Opened<Runner>>> fan_out_;  // its destruction cancels who is at work
  Opened<Runner> last_resort_;                     // a refusal, or cut: the first one's
};

// Words in place of edits come first and wait for better.
bool Wins(const Candidate& candidate) {
  return candidate.usable() && !candidate.verdict.edits_nothing;
}

}  // namespace

asio::awaitable<StatusOr<Outcome>> RaceStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    co_return co_await FindStrategy("single")->Run(context);
  }
  const bool needs_whole = context.holds_all() || !IsOpenProse(context.contract().kind) ||
                           !context.chat()->tools.empty();
  if (!needs_whole) {
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    StreamedRace race(context, executor);
    co_return co_await race.Run();
  }
  GatherOptions options;
  options.limit = context.AnswerLimit();
  options.decided = [](const std::vector<Candidate>& candidates) {
    return std::any_of(candidates.begin(), candidates.end(), Wins);
  };
  const Status gathered = co_await Gather(context, std::move(options));
  if (!gathered.ok()) co_return gathered;
  co_return co_await GiveAnchor(context);
}

CallPlan RaceStrategy::Plan(const MixtureConfig& mixture) const {
  if (mixture.members.size() == 1) return FindStrategy("single")->Plan(mixture);
  CallPlan plan;
  plan.calls = static_cast<int>(mixture.members.size());
  plan.fallbacks = RepairCalls(mixture);
  return plan;
}

}  // namespace mom
