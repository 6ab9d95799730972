#include "service/engine/single.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/reasons.h"
#include "service/engine/anchor.h"
#include "service/engine/member_request.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"

namespace mom {
namespace {

// The largest window that the conversation was found not to fit; 0: none is known.
std::int64_t TooSmallWindow(const RunContext& context, const std::vector<Candidate>& asked) {
  std::int64_t largest = 0;
  for (const Candidate& candidate : asked) {
    if (GetErrorInfo(candidate.error).reason != reason::kContextLengthExceeded) continue;
    largest = std::max(largest, context.FindModel(candidate.model)->context_window);
  }
  return largest;
}

// What `model` is asked; an error: it cannot take it.
StatusOr<std::shared_ptr<const ChatRequest>> RequestFor(const ModelConfig& model,
                                                        const RunContext& context,
                                                        const std::vector<Candidate>& asked) {
  const std::int64_t too_small = TooSmallWindow(context, asked);
  if (model.context_window > 0 && model.context_window <= too_small) {
    return MakeError(StatusCode::kInvalidArgument,
                     "the context window of model `" + model.name + "` (" +
                         std::to_string(model.context_window) +
                         " tokens) is no larger than one that the conversation does not fit",
                     reason::kContextLengthExceeded);
  }
  return MemberRequest(context.chat(), model, context.mixture());
}

}  // namespace

asio::awaitable<StatusOr<Outcome>> SingleStrategy::Run(RunContext& context) const {
  std::vector<Candidate>& candidates = context.record().candidates;
  const std::vector<std::string>& members = context.mixture().members;
  for (const std::string& name : members) {
    StatusOr<std::shared_ptr<const ChatRequest>> chat =
        RequestFor(*context.FindModel(name), context, candidates);
    if (!chat.ok()) {
      context.record().Add(SkippedCandidate(name, chat.status()));
      continue;
    }
    Others others;
    others.fallback = std::any_of(
        members.begin() + static_cast<std::ptrdiff_t>(candidates.size()) + 1, members.end(),
        [&](const std::string& next) { return context.WouldBeAsked(next); });
    StatusOr<std::optional<Outcome>> outcome =
        co_await AskAlone(context, name, *std::move(chat), std::move(others));
    if (!outcome.ok()) co_return outcome.status();
    if (outcome->has_value()) co_return std::move(**outcome);
  }
  co_return co_await GiveAnchor(context);
}

CallPlan SingleStrategy::Plan(const MixtureConfig& mixture) const {
  CallPlan plan;
  plan.calls = 1;
  plan.fallbacks = static_cast<int>(mixture.members.size()) - 1 + RepairCalls(mixture);
  return plan;
}

}  // namespace mom
