#include "service/engine/select.h"

#include <string>
#include <utility>
#include <vector>

#include "service/contract/contract.h"
#include "service/engine/gather.h"
#include "service/engine/single.h"

namespace mom {
namespace {

// Judges candidates by the request's contract.
class ContractJudge final : public CandidateJudge {
 public:
  explicit ContractJudge(const RunContext& context)
      : contract_(Detect(*context.chat())), verdicts_(context.mixture().members.size()) {}

  void Judge(std::size_t place, Candidate& candidate) override {
    // Of what is cut or refused, or calls a tool, the form says nothing.
    if (!candidate.usable() || !candidate.completion.tool_calls.empty()) return;
    Verdict& verdict = verdicts_[place];
    verdict = Check(contract_, candidate.completion);
    if (!verdict.usable) candidate.grade = Grade::kContractBroken;
  }

  bool Decided(const std::vector<Candidate>& candidates) const override {
    const std::size_t best = Best(candidates);
    if (best == candidates.size() || !candidates[best].usable()) return false;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const bool under_way = candidates[i].state == CandidateState::kCancelled;
      // It could come to the best score that there is; of equals, the first one wins.
      if (under_way && (i < best || verdicts_[best].score < 1)) return false;
    }
    return true;
  }

  // The place of the one that is chosen; that after the last where none has an answer.
  std::size_t Best(const std::vector<Candidate>& candidates) const {
    std::size_t best = candidates.size();
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (!candidates[i].has_answer()) continue;
      if (best == candidates.size() || IsBetter(candidates, i, best)) best = i;
    }
    return best;
  }

  const Verdict& verdict(std::size_t place) const { return verdicts_[place]; }
  std::string_view contract_name() const { return NameOf(contract_.kind); }

 private:
  bool IsBetter(const std::vector<Candidate>& candidates, std::size_t a, std::size_t b) const {
    if (candidates[a].grade != candidates[b].grade)
      return candidates[a].grade < candidates[b].grade;
    return verdicts_[a].score > verdicts_[b].score;
  }

  const Contract contract_;
  std::vector<Verdict> verdicts_;  // by the members' order
};

}  // namespace

asio::awaitable<StatusOr<Outcome>> SelectStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    static const SingleStrategy single;
    co_return co_await single.Run(context);
  }
  ContractJudge judge(context);
  const Status gathered =
      co_await Gather(context, context.AnswerLimit(), Deadline::Never(), &judge);
  if (!gathered.ok()) co_return gathered;
  const std::vector<Candidate>& candidates = context.record().candidates;
  const std::size_t best = judge.Best(candidates);
  if (best == candidates.size()) co_return AggregateFailure(candidates);
  const Candidate& chosen = candidates[best];
  const std::string& why = judge.verdict(best).why;
  std::string detail = NameOf(chosen.grade) + (why.empty() ? "" : ": " + why);
  if (!chosen.usable()) context.Degrade("no usable candidate: " + detail);
  detail += " (form: " + std::string(judge.contract_name()) + ")";
  Status status = co_await context.TellStage("anchor", chosen.model, std::move(detail));
  if (status.ok()) status = co_await context.EmitWhole(chosen.completion);
  if (!status.ok()) co_return status;
  co_return OutcomeOf(chosen.model, chosen.completion, chosen.time_to_first_token);
}

CallPlan SelectStrategy::Plan(const MixtureConfig& mixture) const {
  CallPlan plan;
  plan.calls = static_cast<int>(mixture.members.size());
  return plan;
}

}  // namespace mom
