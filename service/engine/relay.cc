#include "service/engine/relay.h"

#include <string>
#include <utility>
#include <vector>

#include "service/engine/explain.h"

namespace mom {

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
  HeldAnswer answer(std::move(stream), context.tool_rules(), std::nullopt, context.holds_all(),
                    executor);
  std::optional<ChatDelta> nothing_yet;
  Status sent = co_await Relay(context, answer, std::move(nothing_yet));
  const Relayed& relayed = answer.result();
  if (sent.ok() && relayed.delivered && !relayed.collected.completion.tool_calls.empty()) {
    Completion calls;
    calls.tool_calls = relayed.collected.completion.tool_calls;
    sent = co_await context.EmitWhole(calls, model);
  }
  if (!sent.ok()) co_return sent;
  candidate = MakeCandidate(candidate, relayed.collected, *context.tool_rules());
  sent = co_await context.TellCandidate(candidate);
  if (!sent.ok()) co_return sent;
  const bool did_well = relayed.delivered && candidate.grade != Grade::kContractBroken;
  if (!did_well && (relayed.delivered || !context.committed())) {
    context.Degrade(
        "member " + model + ": " +
        (candidate.error.ok() ? Describe(candidate) : GetErrorInfo(candidate.error).reason));
  }
  if (relayed.delivered) {
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

asio::awaitable<StatusOr<Outcome>> GiveAnchor(RunContext& context) {
  const std::vector<Candidate>& candidates = context.record().candidates;
  const Candidate* anchor = FindAnchor(candidates);
  if (anchor == nullptr) co_return AggregateFailure(candidates);
  std::string why = Describe(*anchor);
  if (!anchor->usable()) context.Degrade("no usable candidate: " + why);
  co_return co_await GiveCandidate(context, *anchor, std::move(why));
}

}  // namespace mom
