#include "service/engine/cascade.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "service/engine/anchor.h"
#include "service/engine/ballot.h"
#include "service/engine/choose_strategy.h"
#include "service/engine/gather.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"
#include "service/engine/verify.h"

namespace mom {
namespace {

using Tier = std::vector<std::string>;

// The tiers of those members that the request has left.
std::vector<Tier> TiersOf(const MixtureConfig& mixture) {
  std::vector<Tier> tiers;
  for (const Tier& written : mixture.tiers) {
    Tier kept;
    std::copy_if(written.begin(), written.end(), std::back_inserter(kept), [&](const auto& name) {
      return std::find(mixture.members.begin(), mixture.members.end(), name) !=
             mixture.members.end();
    });
    if (!kept.empty()) tiers.push_back(std::move(kept));
  }
  return tiers;
}

// One run through the tiers.
class Cascade {
 public:
  explicit Cascade(RunContext& context)
      : context_(context),
        kind_(context.contract().kind),
        candidates_(context.record().candidates),
        tiers_(TiersOf(context.mixture())) {}

  asio::awaitable<StatusOr<Outcome>> Run() {
    for (std::size_t tier = 0; tier < tiers_.size(); ++tier) {
      const std::size_t before = candidates_.size();
      GatherOptions options;
      options.members = tiers_[tier];
      options.limit = Share(tier);
      Status status = co_await Gather(context_, std::move(options));
      if (!status.ok()) co_return status;
      PutWordsLast(candidates_);
      const Candidate* const best = BestOf(before);
      const bool is_last = tier + 1 == tiers_.size();
      if (best == nullptr || !best->usable()) continue;
      StatusOr<bool> passes = is_last;
      if (!is_last) passes = co_await Passes(*best, Share(tier));
      if (!passes.ok()) co_return passes.status();
      WhyOf(*best) = (*passes ? "chosen: " : "usable, and the next tier was asked: ") + why_;
      if (!*passes) continue;
      co_return co_await GiveCandidate(context_, *best, why_);
    }
    // Nobody whom it was held back for had a better one.
    const Candidate* const held = FindAnchor(candidates_);
    if (held != nullptr && !held->why.empty()) WhyOf(*held).insert(0, "chosen at last; ");
    co_return co_await GiveAnchor(context_);
  }

 private:
  std::string& WhyOf(const Candidate& candidate) {
    return candidates_[static_cast<std::size_t>(&candidate - candidates_.data())].why;
  }

  // When this tier is over: the rest of the time is for the ones after it.
  Deadline Share(std::size_t tier) const {
    const Deadline limit = context_.AnswerLimit();
    if (limit.IsNever()) return limit;
    return Deadline::After(limit.Remaining() / static_cast<int>(tiers_.size() - tier));
  }

  // What the members agree on, of all drafts; else the best of those from `first` on.
  const Candidate* BestOf(std::size_t first) {
    const Ballot ballot(kind_, candidates_);
    agree_ = !ballot.groups().empty() && ballot.groups()[0].votes() > 1 && ballot.lead() > 0;
    if (agree_) {
      why_ = std::to_string(ballot.groups()[0].votes()) + " of " + std::to_string(ballot.votes()) +
             " members agree on it";
      return &ballot.groups()[0].best();
    }
    why_ = "of the last tier that was asked";
    return FindAnchor(std::span(candidates_).subspan(first));
  }

  asio::awaitable<StatusOr<bool>> Passes(const Candidate& best, Deadline limit) {
    bool passes = agree_;
    const bool has_form = !IsOpenProse(kind_) && !IsClosed(kind_) && !best.verdict.edits_nothing;
    if (passes) {
      // `why_` says it
    } else if (best.verdict.edits_nothing && context_.mixture().judge.empty()) {
      why_ = "it edits nothing";
    } else if (has_form || !best.completion.tool_calls.empty()) {
      passes = true;
      why_ = "it keeps its form";
    } else if (IsClosed(kind_) && candidates_.size() > 1) {
      why_ = "no two members agree";
    } else {
      const StatusOr<Finding> found = co_await Verify(context_, best, limit);
      if (!found.ok()) co_return found.status();
      passes = found->is_good;
      why_ = found->why;
    }
    std::string detail = (passes ? "passes: " : "asks the next tier: ") + why_;
    const Status told = co_await context_.TellStage("gate", best.model, std::move(detail));
    if (!told.ok()) co_return told;
    co_return passes;
  }

  RunContext& context_;
  const ContractKind kind_;
  std::vector<Candidate>& candidates_;  // the record's
  const std::vector<Tier> tiers_;
  bool agree_ = false;
  std::string why_;  // of the best, for people
};

}  // namespace

asio::awaitable<StatusOr<Outcome>> CascadeStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    co_return co_await FindStrategy("single")->Run(context);
  }
  Cascade cascade(context);
  co_return co_await cascade.Run();
}

CallPlan CascadeStrategy::Plan(const MixtureConfig& mixture) const {
  if (mixture.members.size() == 1) return FindStrategy("single")->Plan(mixture);
  const int checks = mixture.judge.empty() ? 0 : static_cast<int>(TiersOf(mixture).size()) - 1;
  CallPlan plan;
  plan.calls = static_cast<int>(TiersOf(mixture).front().size()) + std::min(checks, 1);
  plan.fallbacks =
      static_cast<int>(mixture.members.size()) + checks - plan.calls + RepairCalls(mixture);
  return plan;
}

}  // namespace mom
