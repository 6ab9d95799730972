#include "service/engine/arbitrate.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/contract/tool_calls.h"
#include "service/engine/anchor.h"
#include "service/engine/arbiter.h"
#include "service/engine/gather.h"
#include "service/engine/member_request.h"
#include "service/engine/relay.h"
#include "service/engine/synthesize.h"
#include "service/engine/tool_turn.h"
#include "service/engine/tool_vote.h"

namespace mom {
namespace {

std::string InWords(const Side& side) {
  return side.is_words ? "words" : NamesOf(side.backers.front()->completion.tool_calls);
}

// A fresh turn, once the members have answered.
class Arbitration {
 public:
  explicit Arbitration(RunContext& context)
      : context_(context), vote_(context.record().candidates, context.mixture()) {}

  asio::awaitable<StatusOr<Outcome>> Run() {
    if (vote_.sides().empty()) co_return co_await GiveAnchor(context_);
    if (const Side* winner = vote_.Winner()) co_return co_await Give(*winner);
    StatusOr<std::optional<Candidate>> ruling = co_await AskArbiters(context_, Proposals());
    if (!ruling.ok()) co_return ruling.status();
    if (!ruling->has_value()) co_return co_await GiveBest();
    co_return co_await Follow(**ruling);
  }

 private:
  std::vector<const Candidate*> Proposals() const {
    std::vector<const Candidate*> proposals;
    for (const Side& side : vote_.sides()) {
      proposals.insert(proposals.end(), side.backers.begin(), side.backers.end());
    }
    return proposals;
  }

  // The first of those that are not rash and propose calls; null: there is none.
  const Side* BestCalls() const {
    for (const Side& side : vote_.sides()) {
      if (!side.is_words && !side.is_rash()) return &side;
    }
    return nullptr;
  }

  asio::awaitable<StatusOr<Outcome>> Give(const Side& side) {
    std::string detail = std::to_string(side.backers.size()) + " of " +
                         std::to_string(Proposals().size()) + " for " + InWords(side);
    if (!side.is_words) co_return co_await GiveCandidate(context_, *side.backers.front(), detail);
    const Status told = co_await context_.TellStage("vote", std::string(), std::move(detail));
    if (!told.ok()) co_return told;
    co_return co_await SynthesizeFrom(context_, side.backers);
  }

  // What the arbiter did goes out as the member's that proposed the same: so that member goes on
  // with what it began.
  asio::awaitable<StatusOr<Outcome>> Follow(const Candidate& ruling) {
    const std::vector<ToolCall>& calls = ruling.completion.tool_calls;
    if (calls.empty()) {
      const Side* best = vote_.callers() >= vote_.needed() ? BestCalls() : nullptr;
      if (best == nullptr)
        co_return co_await GiveCandidate(context_, ruling, "the arbiter's words");
      context_.Note("arbiter " + ruling.model + " called no tool, which " +
                    std::to_string(vote_.callers()) + " members would: the best proposal goes out");
      co_return co_await Give(*best);
    }
    const std::string signature = SignatureOf(calls);
    for (const Side& side : vote_.sides()) {
      const Candidate& first = *side.backers.front();
      if (side.is_words || SignatureOf(first.completion.tool_calls) != signature) continue;
      co_return co_await GiveCandidate(context_, first, "the arbiter is for it");
    }
    co_return co_await GiveCandidate(context_, ruling, "the arbiter's own calls");
  }

  // Nobody decides.
  asio::awaitable<StatusOr<Outcome>> GiveBest() {
    const Side* best = BestCalls();
    for (const Side& side : vote_.sides()) {
      if (best == nullptr && side.is_words) best = &side;
    }
    if (best == nullptr) best = &vote_.sides().front();
    context_.Degrade(std::string("no arbiter decided") +
                     (best->is_rash() ? ", and one member alone is for " + InWords(*best) : ""));
    co_return co_await Give(*best);
  }

  RunContext& context_;
  const ToolVote vote_;
};

// Those of the members that have no candidate yet: one at least, as only one can have been asked.
std::vector<std::string> NotAsked(std::vector<std::string> members,
                                  const std::vector<Candidate>& candidates) {
  for (const Candidate& asked : candidates) std::erase(members, asked.model);
  return members;
}

// nullopt: it failed, and nothing went out.
asio::awaitable<StatusOr<std::optional<Outcome>>> RelayTo(RunContext& context, std::string model) {
  StatusOr<std::shared_ptr<const ChatRequest>> chat =
      MemberRequest(context.chat(), *context.FindModel(model), context.mixture());
  if (!chat.ok()) {
    Candidate skipped = SkippedCandidate(model, chat.status());
    context.Degrade("member " + model + ": " + GetErrorInfo(chat.status()).reason);
    context.record().Add(skipped);
    const Status told = co_await context.TellCandidate(skipped);
    if (!told.ok()) co_return told;
    co_return std::optional<Outcome>();
  }
  const Status told = co_await context.TellStage("relay", model, "it called the tools");
  if (!told.ok()) co_return told;
  Others others;
  others.can = [] { return true; };  // all of them are asked next
  co_return co_await AskAlone(context, std::move(model), *std::move(chat), std::move(others));
}

}  // namespace

asio::awaitable<StatusOr<Outcome>> ArbitrateStrategy::Run(RunContext& context) const {
  const MixtureConfig& mixture = context.mixture();
  if (mixture.members.size() == 1) {
    co_return co_await FindStrategy("single")->Run(context);
  }
  std::optional<std::string> acting = ActingMember(*context.chat(), mixture);
  std::optional<std::string> why_all = WhyReconvene(*context.chat(), mixture);
  if (why_all) {
    const Status told = co_await context.TellStage("reconvene", std::string(), *std::move(why_all));
    if (!told.ok()) co_return told;
  } else if (acting) {
    StatusOr<std::optional<Outcome>> outcome = co_await RelayTo(context, *std::move(acting));
    if (!outcome.ok()) co_return outcome.status();
    if (outcome->has_value()) co_return std::move(**outcome);
  }
  GatherOptions options;
  options.members = NotAsked(mixture.members, context.record().candidates);
  options.limit = context.AnswerLimit();
  options.critic_at = CriticAt(context);
  options.decided = [&mixture](const std::vector<Candidate>& candidates) {
    return ToolVote(candidates, mixture).IsDecided();
  };
  const Status gathered = co_await Gather(context, std::move(options));
  if (!gathered.ok()) co_return gathered;
  Arbitration arbitration(context);
  co_return co_await arbitration.Run();
}

CallPlan ArbitrateStrategy::Plan(const MixtureConfig& mixture) const {
  return FindStrategy("synthesize")->Plan(mixture);
}

}  // namespace mom
