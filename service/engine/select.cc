#include "service/engine/select.h"

#include <string>
#include <utility>
#include <vector>

#include "service/engine/explain.h"
#include "service/engine/gather.h"
#include "service/engine/single.h"

namespace mom {
namespace {

// ", not checked: `format`" of what the check of a form leaves out.
std::string NotChecked(const Verdict& verdict) {
  std::string text;
  for (const std::string& what : verdict.unchecked) {
    text += (text.empty() ? ", not checked: " : ", ") + what;
  }
  return text;
}

}  // namespace

asio::awaitable<StatusOr<Outcome>> SelectStrategy::Run(RunContext& context) const {
  if (context.mixture().members.size() == 1) {
    static const SingleStrategy single;
    co_return co_await single.Run(context);
  }
  GatherOptions options;
  options.limit = context.AnswerLimit();
  options.decided = IsAnchorDecided;
  const Status gathered = co_await Gather(context, std::move(options));
  if (!gathered.ok()) co_return gathered;
  const std::vector<Candidate>& candidates = context.record().candidates;
  const Candidate* chosen = FindAnchor(candidates);
  if (chosen == nullptr) co_return AggregateFailure(candidates);
  std::string detail = Describe(*chosen);
  if (!chosen->usable()) context.Degrade("no usable candidate: " + detail);
  detail +=
      " (form: " + std::string(NameOf(context.contract().kind)) + NotChecked(chosen->verdict) + ")";
  Status status = co_await context.TellStage("anchor", chosen->model, std::move(detail));
  if (status.ok()) status = co_await context.EmitWhole(chosen->completion, chosen->model);
  if (!status.ok()) co_return status;
  co_return OutcomeOf(chosen->model, chosen->completion, chosen->time_to_first_token);
}

CallPlan SelectStrategy::Plan(const MixtureConfig& mixture) const {
  CallPlan plan;
  plan.calls = static_cast<int>(mixture.members.size());
  return plan;
}

}  // namespace mom
