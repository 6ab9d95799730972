#include "service/engine/anchor.h"

#include <optional>
#include <string>
#include <utility>

#include "service/engine/explain.h"
#include "service/engine/give_graft.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"

namespace mom {
namespace {

asio::awaitable<StatusOr<Outcome>> Give(RunContext& context, const Candidate& candidate) {
  std::string why = DescribeWithForm(candidate, context.contract().kind);
  co_return co_await GiveCandidate(context, candidate, std::move(why));
}

}  // namespace

asio::awaitable<StatusOr<Outcome>> GiveAnchor(RunContext& context) {
  const Candidate* anchor = FindAnchor(context.record().candidates);
  if (anchor != nullptr && anchor->usable()) co_return co_await Give(context, *anchor);
  if (context.mixture().graft) {
    StatusOr<std::optional<Outcome>> grafted = co_await GiveGraft(context);
    if (!grafted.ok()) co_return grafted.status();
    if (grafted->has_value()) co_return std::move(**grafted);
  }
  StatusOr<std::optional<Candidate>> repaired = co_await RepairBest(context);
  if (!repaired.ok()) co_return repaired.status();
  if (repaired->has_value()) co_return co_await Give(context, **repaired);
  co_return co_await GiveAsItIs(context);
}

asio::awaitable<StatusOr<Outcome>> GiveAsItIs(RunContext& context) {
  const Candidate* anchor = FindAnchor(context.record().candidates);
  if (anchor == nullptr) co_return AggregateFailure(context.record().candidates);
  if (!anchor->usable()) context.Degrade("no usable candidate: " + Describe(*anchor));
  co_return co_await Give(context, *anchor);
}

}  // namespace mom
