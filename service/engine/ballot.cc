#include "service/engine/ballot.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "service/contract/closed_answer.h"

namespace mom {
namespace {

// By score, then by place.
bool IsBetter(const Candidate& a, const Candidate& b) {
  return a.verdict.score > b.verdict.score || (a.verdict.score == b.verdict.score && &a < &b);
}

}  // namespace

const Candidate& Ballot::Group::best() const {
  return **std::min_element(
      voters.begin(), voters.end(),
      [](const Candidate* a, const Candidate* b) { return IsBetter(*a, *b); });
}

Ballot::Ballot(ContractKind kind, const std::vector<Candidate>& candidates) {
  for (const Candidate& candidate : candidates) {
    if (!candidate.usable() || !candidate.completion.tool_calls.empty()) continue;
    std::optional<std::string> answer = CanonicalAnswer(kind, candidate.completion.text);
    if (!answer) continue;
    ++votes_;
    auto group = std::find_if(groups_.begin(), groups_.end(),
                              [&](const Group& one) { return one.answer == *answer; });
    if (group == groups_.end()) {
      group = groups_.insert(groups_.end(), Group());
      group->answer = *std::move(answer);
    }
    group->voters.push_back(&candidate);
  }
  std::sort(groups_.begin(), groups_.end(), [](const Group& a, const Group& b) {
    return a.votes() != b.votes() ? a.votes() > b.votes() : IsBetter(a.best(), b.best());
  });
}

int Ballot::lead() const {
  if (groups_.empty()) return 0;
  return groups_[0].votes() - (groups_.size() > 1 ? groups_[1].votes() : 0);
}

int Ballot::Missing(int left, int enough) const {
  int missing = 0;
  // At best, all further votes are for the leader.
  const auto settles = [&] {
    const int lead_then = lead() + missing;
    return lead_then > left - missing || (enough > 0 && lead_then >= enough);
  };
  while (missing < left && !settles()) ++missing;
  return missing;
}

}  // namespace mom
