#include "service/engine/relay.h"

#include <string>
#include <utility>
#include <vector>

#include "service/engine/choose_strategy.h"
#include "service/engine/explain.h"
#include "service/engine/opening.h"

namespace mom {
namespace {

// Reads up to what a reader would see first, and as long as that may be a refusal. What the
// model thinks before goes out meanwhile. An error: the client is gone.
asio::awaitable<StatusOr<std::optional<ChatDelta>>> ReadStart(RunContext& context,
                                                              HeldAnswer& answer) {
  std::optional<ChatDelta> start;
  while (!start) {
    start = co_await answer.Next();
    if (!start) break;
    if (start->IsVisible()) break;
    const Status sent = co_await context.Emit(*std::exchange(start, std::nullopt));
    if (!sent.ok()) co_return sent;
  }
  co_await ReadOnInDoubt(answer, start);
  co_return start;
}

// Whether an answer may go out where others can still be asked. One that is cut where no form is
// demanded has what the client's limit of tokens leaves of it, whoever is asked.
bool MayGoOut(const Candidate& candidate, bool has_form) {
  return candidate.usable() || (candidate.grade == Grade::kCut && !has_form);
}

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
  Candidate& candidate = context.record().Add(CandidateUnderWay(model));
  auto stream =
      context.AskMember(candidate, std::move(chat), context.deadline(), std::move(others));
  const bool has_others = context.mixture().members.size() > 1;
  const bool has_form = !context.is_one_model() && !IsOpenProse(context.contract().kind);
  HeldAnswer answer(std::move(stream), context.tool_rules(), std::nullopt,
                    context.holds_all() || (has_form && has_others), executor);
  const Relayed& relayed = answer.result();
  const auto judge = [&] {
    candidate = MakeCandidate(candidate, relayed.collected, *context.tool_rules());
    if (has_form) HoldToContract(context.contract(), candidate);
  };
  std::optional<ChatDelta> start;
  bool goes_out = true;
  if (has_others) {
    StatusOr<std::optional<ChatDelta>> read = co_await ReadStart(context, answer);
    if (!read.ok()) co_return read.status();
    start = *std::move(read);
    if (relayed.delivered) judge();
    goes_out = !relayed.delivered || MayGoOut(candidate, has_form);
  }
  Status sent;
  if (goes_out) sent = co_await Relay(context, answer, std::move(start));
  const bool delivered = goes_out && relayed.delivered;
  if (sent.ok() && delivered && !relayed.collected.completion.tool_calls.empty()) {
    Completion calls;
    calls.tool_calls = relayed.collected.completion.tool_calls;
    sent = co_await context.EmitWhole(calls, model);
  }
  if (!sent.ok()) co_return sent;
  judge();
  sent = co_await context.TellCandidate(candidate);
  if (!sent.ok()) co_return sent;
  const bool did_well = delivered && candidate.grade != Grade::kContractBroken;
  if (!did_well && (delivered || !context.committed())) {
    context.Degrade(
        "member " + model + ": " +
        (candidate.error.ok() ? Describe(candidate) : GetErrorInfo(candidate.error).reason));
  }
  if (delivered) {
    co_return OutcomeOf(model, candidate.completion, candidate.time_to_first_token);
  }
  if (context.committed()) co_return candidate.error;
  co_return std::optional<Outcome>();
}

asio::awaitable<StatusOr<Outcome>> GiveCandidate(RunContext& context, const Candidate& candidate,
                                                 std::string why) {
  Status status = co_await context.TellStage("anchor", candidate.model, std::move(why));
  if (status.ok()) status = co_await context.EmitWhole(candidate.completion, candidate.model);
  if (!status.ok()) co_return status;
  co_return OutcomeOf(candidate.model, candidate.completion, candidate.time_to_first_token);
}

}  // namespace mom
