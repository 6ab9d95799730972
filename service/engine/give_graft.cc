#include "service/engine/give_graft.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/contract/graft.h"
#include "service/engine/explain.h"
#include "service/engine/repair.h"

namespace mom {
namespace {

// Those that graft.h could make something of, the best first.
std::vector<Candidate*> BrokenOnes(std::vector<Candidate>& candidates) {
  std::vector<Candidate*> broken;
  for (Candidate& candidate : candidates) {
    const bool is_text = candidate.completion.tool_calls.empty();
    if (is_text && CanBeRepaired(candidate)) broken.push_back(&candidate);
  }
  std::stable_sort(broken.begin(), broken.end(), [](const Candidate* a, const Candidate* b) {
    return a->verdict.score > b->verdict.score;
  });
  return broken;
}

std::string BlockName(std::size_t number) { return "block " + std::to_string(number + 1); }

std::string NameOf(const Candidate& candidate) {
  return "candidate " + std::to_string(candidate.number) + " (" + candidate.model + ")";
}

// Says of each candidate that the graft is made of what became of it. Gives what was exchanged:
// "block 1 of candidate 2 (b) for block 3 (a.py)".
std::string Explain(const Graft& graft, const std::vector<Candidate*>& answers) {
  Candidate& base = *answers[graft.base];
  std::string exchanged;
  for (const GraftedBlock& one : graft.blocks) {
    Candidate& donor = *answers[one.answer];
    if (!exchanged.empty()) exchanged += ", ";
    exchanged += BlockName(one.its_block) + " of " + NameOf(donor) + " for " +
                 BlockName(one.block) + " (" + one.path + ")";
    if (donor.why.empty()) donor.why = Describe(donor) + "; went out in " + NameOf(base) + "'s: ";
    if (donor.why.back() != ' ') donor.why += ", ";
    donor.why += BlockName(one.its_block);
  }
  base.why = "chosen, mended with " + exchanged + "; before: " + Describe(base);
  return exchanged;
}

}  // namespace

asio::awaitable<StatusOr<std::optional<Outcome>>> GiveGraft(RunContext& context) {
  std::optional<Outcome> outcome;
  const std::vector<Candidate*> answers = BrokenOnes(context.record().candidates);
  std::vector<std::string_view> texts;
  for (const Candidate* answer : answers) texts.push_back(answer->completion.text);
  std::optional<Graft> graft = FindGraft(context.contract(), texts);
  if (!graft) co_return outcome;
  const Candidate& base = *answers[graft->base];
  std::string exchanged = Explain(*graft, answers);
  Completion mended = base.completion;
  mended.text = std::move(graft->text);
  context.Note("no answer kept its form, so model " + base.model + "'s went out with " + exchanged +
               " (mixtures." + context.mixture().name + ".graft)");
  Status sent = co_await context.TellStage("graft", base.model, std::move(exchanged));
  if (sent.ok()) sent = co_await context.EmitWhole(mended, base.model);
  if (!sent.ok()) co_return sent;
  outcome = OutcomeOf(base.model, mended, base.time_to_first_token);
  co_return outcome;
}

}  // namespace mom
