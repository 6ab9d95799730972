#include "service/engine/arbitrate.h"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/contract/tool_calls.h"
#include "service/engine/anchor.h"
#include "service/engine/arbiter.h"
#include "service/engine/choose_strategy.h"
#include "service/engine/critics.h"
#include "service/engine/explain.h"
#include "service/engine/gather.h"
#include "service/engine/member_request.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"
#include "service/engine/select.h"
#include "service/engine/synthesize.h"
#include "service/engine/tool_turn.h"
#include "service/engine/tool_vote.h"

namespace mom {
namespace {

std::string WhatFor(const Side& side) {
  return side.is_words ? "words" : NamesOf(side.backers.front()->completion.tool_calls);
}

// A fresh turn, once the members have answered.
class Arbitration {
 public:
  explicit Arbitration(RunContext& context)
      : context_(context),
        vote_(context.record().candidates, context.mixture()),
        critics_(CriticChain(context.mixture())),
        proposals_(Proposals()) {
    std::erase_if(critics_, [&](const std::string& critic) { return WasAskedInVain(critic); });
  }

  asio::awaitable<StatusOr<Outcome>> Run() {
    if (const Side* winner = vote_.Winner()) co_return co_await Give(*winner);
    if (proposals_.empty()) co_return co_await GiveAnchor(context_);
    StatusOr<std::optional<Candidate>> ruling = co_await LetDecide(critics_);
    if (ruling.ok() && !ruling->has_value()) ruling = co_await LetDecide(Another());
    if (!ruling.ok()) co_return ruling.status();
    if (!ruling->has_value()) co_return co_await GiveBest();
    co_return co_await Follow(**ruling);
  }

 private:
  // Whether a critic failed as a member just now, in all that it was asked, or was asked alone for
  // this answer.
  bool WasAskedInVain(const std::string& critic) const {
    const std::vector<std::string>& members = context_.mixture().members;
    const bool is_member = std::find(members.begin(), members.end(), critic) != members.end();
    bool was_asked = false;
    for (const Candidate& one : context_.record().candidates) {
      if (one.model != critic) continue;
      const bool has_failed =
          one.state == CandidateState::kFailed || one.state == CandidateState::kTimedOut;
      if (is_member && (!has_failed || CanBeRepaired(one))) return false;
      was_asked = true;
    }
    return was_asked;
  }

  // What can be decided on: the usable candidates, by sides; where there are none, those that are
  // not in a form that can go out.
  std::vector<const Candidate*> Proposals() const {
    std::vector<const Candidate*> proposals;
    for (const Side& side : vote_.sides()) {
      proposals.insert(proposals.end(), side.backers.begin(), side.backers.end());
    }
    if (!proposals.empty()) return proposals;
    for (const Candidate& candidate : context_.record().candidates) {
      if (CanBeRepaired(candidate)) proposals.push_back(&candidate);
    }
    return proposals;
  }

  // What the first of these models decides whose word is enough; nullopt: none of them does.
  asio::awaitable<StatusOr<std::optional<Candidate>>> LetDecide(std::vector<std::string> models) {
    for (const std::string& model : models) {
      StatusOr<std::optional<Candidate>> ruling = co_await AskArbiter(context_, model, proposals_);
      if (!ruling.ok()) co_return ruling.status();
      if (!ruling->has_value()) continue;
      if (!IsLone(**ruling)) co_return ruling;
      // The next one sees it, too.
      proposals_.push_back(&lone_.emplace_back(std::move(**ruling)));
    }
    co_return std::optional<Candidate>();
  }

  // Whether a ruling is but one member's word to change something: who rules has made a proposal
  // of its own, and nobody else is for these calls (docs/adr/0011).
  bool IsLone(const Candidate& ruling) const {
    const std::vector<ToolCall>& calls = ruling.completion.tool_calls;
    const std::vector<std::string>& members = context_.mixture().members;
    const auto is_its_own = [&](const Candidate* one) { return one->model == ruling.model; };
    if (!ChangesSomething(calls, context_.mixture())) return false;
    if (std::none_of(proposals_.begin(), proposals_.end(), is_its_own)) return false;
    // Samples of one model are all that there is.
    if (std::count(members.begin(), members.end(), ruling.model) ==
        static_cast<std::ptrdiff_t>(members.size())) {
      return false;
    }
    return std::none_of(proposals_.begin(), proposals_.end(), [&](const Candidate* one) {
      return !is_its_own(one) && IsFor(*one, calls);
    });
  }

  static bool IsFor(const Candidate& candidate, const std::vector<ToolCall>& calls) {
    return candidate.usable() && SignatureOf(candidate.completion.tool_calls) == SignatureOf(calls);
  }

  // The calls that would go out by one model's word and change something; null: none would.
  const Candidate* LoneWord() const {
    if (!lone_.empty()) return &lone_.front();
    const Side* best = Best();
    return best != nullptr && best->is_rash() ? best->backers.front() : nullptr;
  }

  // Who is asked whether such calls go out: the first of the members that answered, is for
  // something else and has not been an arbiter. Nobody, where there are no such calls.
  std::vector<std::string> Another() const {
    const Candidate* lone = LoneWord();
    if (lone == nullptr) return {};
    for (const Candidate& candidate : context_.record().candidates) {
      const bool has_answered = candidate.has_answer() || CanBeRepaired(candidate);
      const bool was_asked =
          std::find(critics_.begin(), critics_.end(), candidate.model) != critics_.end();
      if (has_answered && !was_asked && candidate.model != lone->model) return {candidate.model};
    }
    return {};
  }

  // The first of the sides that are not rash and propose calls; null: there is none.
  const Side* BestCalls() const {
    for (const Side& side : vote_.sides()) {
      if (!side.is_words && !side.is_rash()) return &side;
    }
    return nullptr;
  }

  // What goes out where nobody decides: those, else words, else what there is; null: nothing
  // usable.
  const Side* Best() const {
    if (vote_.sides().empty()) return nullptr;
    if (const Side* calls = BestCalls()) return calls;
    const auto words = std::find_if(vote_.sides().begin(), vote_.sides().end(),
                                    [](const Side& side) { return side.is_words; });
    return words == vote_.sides().end() ? &vote_.sides().front() : &*words;
  }

  std::string CountOf(const Side& side) const {
    std::size_t all = 0;
    for (const Side& each : vote_.sides()) all += each.backers.size();
    return std::to_string(side.backers.size()) + " of " + std::to_string(all) + " for " +
           WhatFor(side);
  }

  asio::awaitable<StatusOr<Outcome>> Give(const Side& side) {
    if (!side.is_words)
      co_return co_await GiveCandidate(context_, *side.backers.front(), CountOf(side));
    const Status told = co_await context_.TellStage("vote", std::string(), CountOf(side));
    if (!told.ok()) co_return told;
    if (!IsOpenProse(context_.contract().kind))
      co_return co_await SelectFrom(context_, side.backers);
    co_return co_await SynthesizeFrom(context_, side.backers);
  }

  // Calls go out as those of the member that proposed the same: so that member goes on with what it
  // began.
  asio::awaitable<StatusOr<Outcome>> GiveCalls(const Candidate& ruling) {
    const auto found = std::find_if(
        proposals_.begin(), proposals_.end(),
        [&](const Candidate* one) { return IsFor(*one, ruling.completion.tool_calls); });
    const Candidate& first = found == proposals_.end() ? ruling : **found;
    co_return co_await GiveCandidate(context_, first, ruling.model + " is for it");
  }

  asio::awaitable<StatusOr<Outcome>> Follow(const Candidate& ruling) {
    if (!ruling.completion.tool_calls.empty()) co_return co_await GiveCalls(ruling);
    const Side* best = vote_.callers() >= vote_.needed() ? BestCalls() : nullptr;
    if (best == nullptr) co_return co_await GiveCandidate(context_, ruling, "the arbiter's words");
    context_.Note("arbiter " + ruling.model + " called no tool, which " +
                  std::to_string(vote_.callers()) + " members would: the best proposal goes out");
    co_return co_await Give(*best);
  }

  // Nobody decides. The critics have just failed, so they are not asked to make one answer of
  // words.
  asio::awaitable<StatusOr<Outcome>> GiveBest() {
    const Candidate* lone = LoneWord();
    const Side* best = Best();
    if (best != nullptr && !best->is_rash()) {
      context_.Degrade("no arbiter decided");
      co_return co_await GiveCandidate(context_, BestOf(*best), CountOf(*best));
    }
    if (lone == nullptr) co_return co_await GiveUnusable();
    DegradeIfRash(lone->completion.tool_calls);
    co_return co_await GiveCalls(*lone);
  }

  // Says so where one model's word changes something.
  void DegradeIfRash(const std::vector<ToolCall>& calls) {
    if (!ChangesSomething(calls, context_.mixture())) return;
    context_.Degrade("no arbiter decided, and one model alone is for " + NamesOf(calls));
  }

  static const Candidate& BestOf(const Side& side) {
    return **std::max_element(
        side.backers.begin(), side.backers.end(),
        [](const Candidate* a, const Candidate* b) { return a->verdict.score < b->verdict.score; });
  }

  // Nobody has anything that could go out as it is.
  asio::awaitable<StatusOr<Outcome>> GiveUnusable() {
    StatusOr<std::optional<Candidate>> mended = co_await RepairBest(context_);
    if (!mended.ok()) co_return mended.status();
    if (!mended->has_value()) co_return co_await GiveAsItIs(context_);
    DegradeIfRash((**mended).completion.tool_calls);
    co_return co_await GiveCandidate(context_, **mended, Describe(**mended));
  }

  RunContext& context_;
  const ToolVote vote_;
  std::vector<std::string> critics_;
  std::vector<const Candidate*> proposals_;
  std::deque<Candidate> lone_;  // rulings that are no more than one member's word
};

// Those of the members that have no candidate yet: one at least, as only one can have been asked.
// One model's samples are members of the same name.
std::vector<std::string> NotAsked(std::vector<std::string> members,
                                  const std::vector<Candidate>& candidates) {
  for (const Candidate& asked : candidates) {
    const auto member = std::find(members.begin(), members.end(), asked.model);
    if (member != members.end()) members.erase(member);
  }
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
  if (mixture.members.size() == 1) return FindStrategy("single")->Plan(mixture);
  CallPlan plan = FindStrategy("synthesize")->Plan(mixture);
  const CallPlan select = FindStrategy("select")->Plan(mixture);
  plan.calls = std::max(plan.calls, select.calls);
  // One more is asked about what one member alone would change, or the best one is repaired.
  plan.fallbacks = static_cast<int>(mixture.critic_fallbacks.size()) + 1;
  return plan;
}

}  // namespace mom
