#include "service/engine/relay.h"

#include <string>
#include <utility>
#include <vector>

#include "service/contract/tool_calls.h"
#include "service/engine/choose_strategy.h"
#include "service/engine/explain.h"
#include "service/engine/opening.h"
#include "service/engine/tool_turn.h"

namespace mom {
namespace {

// Whether an answer must keep a form, or call a tool in a fresh turn; with results before it, its
// words stream all the same. A model by its own name is passed on as it is.
bool HasForm(RunContext& context) {
  if (context.is_one_model()) return false;
  if (!IsOpenProse(context.contract().kind)) return true;
  return DemandsCall(*context.chat()) && !ActingMember(*context.chat(), context.mixture());
}

// Whether an answer may go out where more can still be done for a better one. One that is cut where
// no form is demanded has what the client's limit of tokens leaves of it, whoever is asked.
bool MayGoOut(const Candidate& candidate, bool has_form) {
  return candidate.usable() || (candidate.grade == Grade::kCut && !has_form);
}

// One model's answer on its way to the client. Candidates of the record do not move while it runs.
class LoneAnswer {
 public:
  LoneAnswer(RunContext& context, std::string model, std::shared_ptr<const ChatRequest> chat,
             Others others, const asio::any_io_executor& executor)
      : context_(context),
        candidate_(context.record().Add(CandidateUnderWay(std::move(model)))),
        has_form_(HasForm(context)),
        is_checked_(context.mixture().members.size() > 1 ||
                    (has_form_ && context.mixture().repair)),
        answer_(
            context.AskMember(candidate_, std::move(chat), context.deadline(), std::move(others)),
            context.tool_rules(), std::nullopt, context.holds_all() || (has_form_ && is_checked_),
            executor) {}

  asio::awaitable<StatusOr<std::optional<Outcome>>> Run() {
    Status status;
    if (is_checked_) status = co_await ReadStart();
    if (status.ok() && is_checked_ && answer_.result().delivered) Judge();
    goes_out_ = !is_checked_ || !answer_.result().delivered || MayGoOut(candidate_, has_form_);
    if (status.ok() && goes_out_) status = co_await Send();
    if (!status.ok()) co_return status;
    Judge();
    status = co_await Tell();
    if (!status.ok()) co_return status;
    if (is_delivered()) {
      co_return OutcomeOf(candidate_.model, candidate_.completion, candidate_.time_to_first_token);
    }
    if (context_.committed()) co_return candidate_.error;
    co_return std::optional<Outcome>();
  }

 private:
  bool is_delivered() const { return goes_out_ && answer_.result().delivered; }

  // Reads up to what a reader would see first, and as long as that may be a refusal. What the
  // model thinks before goes out meanwhile.
  asio::awaitable<Status> ReadStart() {
    start_ = co_await answer_.Next();
    while (start_ && !start_->IsVisible()) {
      const Status sent = co_await context_.Emit(*std::exchange(start_, std::nullopt));
      if (!sent.ok()) co_return sent;
      start_ = co_await answer_.Next();
    }
    co_await ReadOnInDoubt(answer_, start_);
    co_return Status();
  }

  asio::awaitable<Status> Send() {
    Status sent = co_await Relay(context_, answer_, std::exchange(start_, std::nullopt));
    const Completion& whole = answer_.result().collected.completion;
    if (!sent.ok() || !is_delivered() || whole.tool_calls.empty()) co_return sent;
    Completion calls;
    calls.tool_calls = whole.tool_calls;
    co_return co_await context_.EmitWhole(calls, candidate_.model);
  }

  void Judge() {
    candidate_ = MakeCandidate(candidate_, answer_.result().collected, *context_.tool_rules());
    if (has_form_) HoldToContract(context_.contract(), candidate_);
  }

  asio::awaitable<Status> Tell() {
    const Status told = co_await context_.TellCandidate(candidate_);
    if (!told.ok()) co_return told;
    const bool did_well = is_delivered() && candidate_.grade != Grade::kContractBroken;
    if (!did_well && (is_delivered() || !context_.committed())) {
      context_.Degrade(
          "member " + candidate_.model + ": " +
          (candidate_.error.ok() ? Describe(candidate_) : GetErrorInfo(candidate_.error).reason));
    }
    co_return Status();
  }

  RunContext& context_;
  Candidate& candidate_;
  const bool has_form_;
  // Whether it goes out only where it is good, as more can be done for a better one.
  const bool is_checked_;
  HeldAnswer answer_;
  std::optional<ChatDelta> start_;  // what can go out so far
  bool goes_out_ = true;
};

}  // namespace

asio::awaitable<Status> Relay(RunContext& context, HeldAnswer& answer,
                              std::optional<ChatDelta> first) {
  std::optional<ChatDelta> piece = std::move(first);
  while (true) {
    if (!piece) piece = co_await answer.Next();
    if (!piece) co_return Status();
    const Status sent = co_await context.Emit(std::move(*piece));
    if (!sent.ok()) co_return sent;
    piece.reset();
  }
}

asio::awaitable<StatusOr<std::optional<Outcome>>> AskAlone(RunContext& context, std::string model,
                                                           std::shared_ptr<const ChatRequest> chat,
                                                           Others others) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  LoneAnswer answer(context, std::move(model), std::move(chat), std::move(others), executor);
  co_return co_await answer.Run();
}

asio::awaitable<StatusOr<Outcome>> GiveCandidate(RunContext& context, const Candidate& candidate,
                                                 std::string why) {
  Status status = co_await context.TellStage("anchor", candidate.model, std::move(why));
  if (status.ok()) status = co_await context.EmitWhole(candidate.completion, candidate.model);
  if (!status.ok()) co_return status;
  co_return OutcomeOf(candidate.model, candidate.completion, candidate.time_to_first_token);
}

}  // namespace mom
