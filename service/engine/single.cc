#include "service/engine/single.h"

#include <optional>
#include <utility>
#include <vector>

#include "service/base/reasons.h"
#include "service/engine/member_request.h"
#include "service/engine/relay.h"

namespace mom {

asio::awaitable<StatusOr<Outcome>> SingleStrategy::Run(RunContext& context) const {
  std::vector<Candidate>& candidates = context.record().candidates;
  for (const std::string& name : context.mixture().members) {
    StatusOr<std::shared_ptr<const ChatRequest>> chat =
        MemberRequest(context.chat(), *context.FindModel(name), context.mixture());
    if (!chat.ok()) {
      candidates.push_back(SkippedCandidate(name, chat.status()));
      continue;
    }
    candidates.push_back(CandidateUnderWay(name));
    auto stream = context.Ask(name, *chat, CallRole::kMember, context.deadline());
    StatusOr<Relayed> relayed = co_await RelayMember(context, std::move(stream));
    if (!relayed.ok()) co_return relayed.status();
    Candidate& candidate = candidates.back();
    candidate = MakeCandidate(name, std::move(relayed->collected), *context.chat());
    const Status told = co_await context.TellCandidate(candidate);
    if (!told.ok()) co_return told;
    if (relayed->delivered) {
      co_return OutcomeOf(name, candidate.completion, candidate.time_to_first_token);
    }
    if (context.committed()) co_return candidate.error;
    context.Degrade(
        "member " + name + ": " +
        (candidate.error.ok() ? NameOf(candidate.grade) : GetErrorInfo(candidate.error).reason));
  }
  // Nobody did well; the first that answered at all is what a bare model would have given.
  for (const Candidate& candidate : candidates) {
    if (!candidate.has_answer()) continue;
    const Status sent = co_await context.EmitWhole(candidate.completion);
    if (!sent.ok()) co_return sent;
    co_return OutcomeOf(candidate.model, candidate.completion, candidate.time_to_first_token);
  }
  if (candidates.size() == 1) co_return candidates.front().error;
  co_return AggregateFailure(candidates);
}

CallPlan SingleStrategy::Plan(const MixtureConfig& mixture) const {
  CallPlan plan;
  plan.calls = 1;
  plan.fallbacks = static_cast<int>(mixture.members.size()) - 1;
  return plan;
}

}  // namespace mom
