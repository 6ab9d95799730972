#include "service/engine/select.h"

#include <string>
#include <utility>
#include <vector>

#include "service/engine/anchor.h"
#include "service/engine/contention.h"
#include "service/engine/explain.h"
#include "service/engine/gather.h"
#include "service/engine/judge.h"
#include "service/engine/relay.h"
#include "service/engine/repair.h"

namespace mom {
namespace {

// One run of several members.
class Selection {
 public:
  explicit Selection(RunContext& context)
      : context_(context), candidates_(context.record().candidates) {}

  asio::awaitable<StatusOr<Outcome>> Run() {
    GatherOptions options = Options();
    const Status gathered = co_await Gather(context_, std::move(options));
    if (!gathered.ok()) co_return gathered;
    PutWordsLast(candidates_);
    const Candidate* anchor = FindAnchor(candidates_);
    if (anchor == nullptr || !anchor->usable()) co_return co_await GiveAnchor(context_);
    co_return co_await Choose(FindRivals(context_.contract(), candidates_), candidates_.size());
  }

  // One of the rivals among so many answers.
  asio::awaitable<StatusOr<Outcome>> Choose(std::vector<Rival> rivals, std::size_t answers) {
    const Rival* majority = MajorityOf(rivals, answers);
    const bool is_open = rivals.size() > 1 && majority == nullptr;
    if (is_open && has_judge()) co_return co_await LetJudge(rivals);
    if (rivals.size() == 1 || is_open) co_return co_await Give(rivals.front().best());
    const std::string count = std::to_string(majority->alike.size()) + " of " +
                              std::to_string(answers) + " come to the same";
    Explain(rivals, *majority, count);
    co_return co_await Give(majority->best());
  }

 private:
  bool has_judge() const {
    const ContractKind kind = context_.contract().kind;
    return !context_.mixture().judge.empty() && kind != ContractKind::kCommitMessage &&
           kind != ContractKind::kSummary && !IsClosed(kind);
  }

  GatherOptions Options() const {
    GatherOptions options;
    options.limit = context_.AnswerLimit();
    if (has_judge()) options.critic_at = JudgeAt(context_);
    options.decided = [&contract = context_.contract(),
                       judged = has_judge()](const std::vector<Candidate>& candidates) {
      return IsSettled(contract, candidates, judged);
    };
    return options;
  }

  asio::awaitable<StatusOr<Outcome>> LetJudge(const std::vector<Rival>& rivals) {
    std::vector<const Candidate*> answers;
    for (const Rival& rival : rivals) answers.push_back(&rival.best());
    StatusOr<Judgement> judgement = co_await Judge(context_, answers);
    if (!judgement.ok()) co_return judgement.status();
    const Rival& winner = rivals[judgement->winner];
    Explain(rivals, winner, judgement->reason);
    co_return co_await Give(winner.best());
  }

  // Says of each of the rivals what became of it.
  void Explain(const std::vector<Rival>& rivals, const Rival& winner, const std::string& reason) {
    const std::string& chosen = winner.best().model;
    for (const Rival& rival : rivals) {
      for (const Candidate* one : rival.alike) {
        std::string& why = candidates_[static_cast<std::size_t>(one - candidates_.data())].why;
        if (one == &winner.best()) {
          why = "chosen: " + reason;
        } else if (&rival == &winner) {
          why = "comes to the same as " + chosen + "'s, which went out";
        } else {
          why = "usable, too; of " + chosen + "'s, which went out: " + reason;
        }
      }
    }
  }

  // Passes an answer on byte for byte.
  asio::awaitable<StatusOr<Outcome>> Give(const Candidate& chosen) {
    std::string why = DescribeWithForm(chosen, context_.contract().kind);
    co_return co_await GiveCandidate(context_, chosen, std::move(why));
  }

  RunContext& context_;
  std::vector<Candidate>& candidates_;
};

}  // namespace

asio::awaitable<StatusOr<Outcome>> SelectStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    co_return co_await FindStrategy("single")->Run(context);
  }
  Selection selection(context);
  co_return co_await selection.Run();
}

asio::awaitable<StatusOr<Outcome>> SelectFrom(RunContext& context,
                                              std::vector<const Candidate*> usable) {
  Selection selection(context);
  const std::size_t answers = usable.size();
  std::vector<Rival> rivals = FindRivals(context.contract(), std::move(usable));
  co_return co_await selection.Choose(std::move(rivals), answers);
}

CallPlan SelectStrategy::Plan(const MixtureConfig& mixture) const {
  const std::size_t members = mixture.members.size();
  if (members == 1) return FindStrategy("single")->Plan(mixture);
  CallPlan plan;
  plan.calls = static_cast<int>(members);
  if (!mixture.judge.empty()) plan.calls += JudgeCalls(members);
  plan.fallbacks = RepairCalls(mixture);
  return plan;
}

}  // namespace mom
