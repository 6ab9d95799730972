#include "service/engine/vote.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/contract/json_vote.h"
#include "service/engine/anchor.h"
#include "service/engine/ballot.h"
#include "service/engine/choose_strategy.h"
#include "service/engine/gather.h"
#include "service/engine/judge.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"

namespace mom {
namespace {

// When a vote is over, and who is asked until then.
class Turnout {
 public:
  Turnout(ContractKind kind, const MixtureConfig& mixture)
      : kind_(kind),
        members_(static_cast<int>(mixture.members.size())),
        // A lead of one vote is no more than a single answer.
        enough_(mixture.quorum == 0 ? 0 : std::max(2, mixture.quorum)) {}

  int Wanted(const std::vector<Candidate>& candidates) const {
    const auto ended = std::count_if(candidates.begin(), candidates.end(), [](const Candidate& c) {
      return c.state != CandidateState::kCancelled;
    });
    const Ballot ballot(kind_, candidates);
    const int missing = ballot.Missing(members_ - static_cast<int>(ended), enough_);
    if (missing == 0 || enough_ > 0) return missing;
    // A third one at once, so that one slow member does not make two wait.
    constexpr int kAtFirst = 3;
    return std::max(missing, kAtFirst - ballot.votes());
  }

 private:
  const ContractKind kind_;
  const int members_;
  const int enough_;
};

// Says of each candidate that has a vote what became of it, and how a tie was broken.
void Explain(const Ballot& ballot, const Ballot::Group& winners, const std::string& tie,
             std::vector<Candidate>& candidates) {
  const Candidate& winner = winners.best();
  const std::string count =
      std::to_string(winners.votes()) + " of " + std::to_string(ballot.votes()) + " votes";
  for (const Ballot::Group& group : ballot.groups()) {
    for (const Candidate* voter : group.voters) {
      std::string& why = candidates[static_cast<std::size_t>(voter - candidates.data())].why;
      if (voter == &winner) {
        why = "chosen: its answer has " + count + tie;
      } else if (&group == &winners) {
        why = "answers the same as " + winner.model + ", whose answer goes out";
      } else {
        why = "has another answer than the one with " + count + tie;
      }
    }
  }
}

struct Result {
  std::size_t winners = 0;  // of the ballot's groups
  std::string tie;          // how one was broken, for people
};

// A tie is for the judge, where there is one.
asio::awaitable<StatusOr<Result>> Decide(RunContext& context, const Ballot& ballot) {
  Result result;
  if (ballot.lead() > 0) co_return result;
  result.tie = "; a tie, so the best by form and order";
  std::vector<const Candidate*> equals;
  for (const Ballot::Group& group : ballot.groups()) {
    if (group.votes() == ballot.groups()[0].votes()) equals.push_back(&group.best());
  }
  if (context.mixture().judge.empty() || equals.size() < 2) co_return result;
  StatusOr<Judgement> judgement = co_await Judge(context, std::move(equals));
  if (!judgement.ok()) co_return judgement.status();
  result.winners = judgement->winner;
  result.tie = "; a tie, so the judge was asked: " + judgement->reason;
  co_return result;
}

bool IsJson(ContractKind kind) {
  return kind == ContractKind::kJsonObject || kind == ContractKind::kJsonSchema;
}

// What a merged answer must fit; null never.
std::shared_ptr<const JsonSchema> SchemaOf(const Contract& contract) {
  if (contract.schema != nullptr) return contract.schema;
  static const std::shared_ptr<const JsonSchema> kAnyObject =
      *JsonSchema::Parse(R"({"type": "object"})");
  return kAnyObject;
}

// All members answer, and each field of the JSON is put to the vote.
asio::awaitable<StatusOr<Outcome>> VoteOnFields(RunContext& context) {
  GatherOptions options;
  options.limit = context.AnswerLimit();
  const Status gathered = co_await Gather(context, std::move(options));
  if (!gathered.ok()) co_return gathered;
  std::vector<Candidate>& candidates = context.record().candidates;
  std::vector<Candidate*> voters;
  for (Candidate& candidate : candidates) {
    if (candidate.usable() && candidate.completion.tool_calls.empty()) voters.push_back(&candidate);
  }
  if (voters.size() < 2) co_return co_await GiveAnchor(context);
  std::stable_sort(voters.begin(), voters.end(), [](const Candidate* a, const Candidate* b) {
    return a->verdict.score > b->verdict.score;
  });
  std::vector<std::string_view> texts;
  for (const Candidate* voter : voters) texts.push_back(voter->completion.text);
  const JsonVote vote = VoteOnJson(texts, *SchemaOf(context.contract()));
  const std::string of_all = " of " + std::to_string(voters.size()) + " answers";
  if (vote.agreement != JsonAgreement::kMerged) {
    std::string why = "the best of" + of_all.substr(3) + ": no other has a majority that fits";
    if (vote.agreement == JsonAgreement::kSame) why = "the same value in all" + of_all.substr(3);
    co_return co_await GiveCandidate(context, *voters.front(), std::move(why));
  }
  Candidate merged = *voters.front();
  merged.completion.text = vote.text;
  for (Candidate* voter : voters) voter->why = "usable; had a vote on each field";
  context.Note("each field of the answer is what most" + of_all + " have");
  std::string why = "each field as most" + of_all + " have it";
  co_return co_await GiveCandidate(context, merged, std::move(why));
}

}  // namespace

asio::awaitable<StatusOr<Outcome>> VoteStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1)
    co_return co_await FindStrategy("single")->Run(context);
  const ContractKind kind = context.contract().kind;
  if (IsJson(kind)) co_return co_await VoteOnFields(context);
  if (!IsClosed(kind)) {
    context.Note(
        "answers " +
        (IsOpenProse(kind) ? "in free words" : "of the form " + std::string(NameOf(kind))) +
        " cannot be counted as votes, so the best one was selected");
    co_return co_await FindStrategy("select")->Run(context);
  }
  const Turnout turnout(kind, context.mixture());
  GatherOptions options;
  options.limit = context.AnswerLimit();
  options.critic_at = JudgeAt(context);
  options.wanted = [&turnout](const std::vector<Candidate>& candidates) {
    return turnout.Wanted(candidates);
  };
  options.decided = [&turnout](const std::vector<Candidate>& candidates) {
    return turnout.Wanted(candidates) == 0;
  };
  const Status gathered = co_await Gather(context, std::move(options));
  if (!gathered.ok()) co_return gathered;
  std::vector<Candidate>& candidates = context.record().candidates;
  const Ballot ballot(kind, candidates);
  if (ballot.votes() == 0) co_return co_await GiveAnchor(context);
  const StatusOr<Result> result = co_await Decide(context, ballot);
  if (!result.ok()) co_return result.status();
  const Ballot::Group& winners = ballot.groups()[result->winners];
  const Candidate& winner = winners.best();
  Explain(ballot, winners, result->tie, candidates);
  std::string detail = "settled by " + std::to_string(ballot.votes()) + " votes, " +
                       std::to_string(winners.votes()) + " of them for the answer" + result->tie;
  const Status told = co_await context.TellStage("vote", winner.model, std::move(detail));
  if (!told.ok()) co_return told;
  co_return co_await GiveCandidate(context, winner, winner.why);
}

CallPlan VoteStrategy::Plan(const MixtureConfig& mixture) const {
  const std::size_t members = mixture.members.size();
  if (members == 1) return FindStrategy("single")->Plan(mixture);
  CallPlan plan;
  plan.calls = static_cast<int>(members);
  if (!mixture.judge.empty()) plan.calls += JudgeCalls(members);
  plan.fallbacks = RepairCalls(mixture);
  return plan;
}

}  // namespace mom
