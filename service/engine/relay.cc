#include "service/engine/relay.h"

#include <string>
#include <utility>
#include <vector>

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

asio::awaitable<StatusOr<Relayed>> RelayMember(RunContext& context,
                                               std::unique_ptr<DeltaStream> stream) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  HeldAnswer answer(std::move(stream), context.chat(), std::nullopt, context.holds_all(), executor);
  std::optional<ChatDelta> nothing_yet;
  Status sent = co_await Relay(context, answer, std::move(nothing_yet));
  const Completion& completion = answer.result().collected.completion;
  if (sent.ok() && answer.result().delivered && !completion.tool_calls.empty()) {
    Completion calls;
    calls.tool_calls = completion.tool_calls;
    calls.finish_reason = completion.finish_reason;
    sent = co_await context.EmitWhole(calls);
  }
  if (!sent.ok()) co_return sent;
  co_return answer.result();
}

asio::awaitable<StatusOr<Outcome>> GiveCandidate(RunContext& context, const Candidate& candidate,
                                                 std::string why) {
  Status status = co_await context.TellStage("anchor", candidate.model, std::move(why));
  if (status.ok()) status = co_await context.EmitWhole(candidate.completion);
  if (!status.ok()) co_return status;
  co_return OutcomeOf(candidate.model, candidate.completion, candidate.time_to_first_token);
}

asio::awaitable<StatusOr<Outcome>> GiveAnchor(RunContext& context) {
  const std::vector<Candidate>& candidates = context.record().candidates;
  const Candidate* anchor = FindAnchor(candidates);
  if (anchor == nullptr) co_return AggregateFailure(candidates);
  std::string why = NameOf(anchor->grade);
  if (!anchor->verdict.why.empty()) why += ": " + anchor->verdict.why;
  if (!anchor->usable()) context.Degrade("no usable candidate: " + why);
  co_return co_await GiveCandidate(context, *anchor, std::move(why));
}

}  // namespace mom
