#include "service/engine/contention.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "service/contract/effect.h"

namespace mom {
namespace {

// Scores that are further apart tell of a difference that matters.
constexpr double kNearly = 0.06;

bool IsTextAlone(const Candidate& candidate) {
  return candidate.usable() && candidate.completion.tool_calls.empty();
}

// Whether more than half may yet come to something else than the anchor does.
bool MayBeOutnumbered(const std::vector<Rival>& rivals, const std::vector<Candidate>& candidates) {
  const auto to_come = static_cast<std::size_t>(std::count_if(
      candidates.begin(), candidates.end(),
      [](const Candidate& candidate) { return candidate.state == CandidateState::kCancelled; }));
  // Those to come may also be all alike.
  std::size_t others = 0;
  for (std::size_t i = 1; i < rivals.size(); ++i) others = std::max(others, rivals[i].alike.size());
  return 2 * (others + to_come) > candidates.size();
}

}  // namespace

std::vector<Rival> FindRivals(const Contract& contract, const std::vector<Candidate>& candidates) {
  const Candidate* anchor = FindAnchor(candidates);
  if (anchor == nullptr) return {};
  if (!IsTextAlone(*anchor)) return {Rival{{anchor}}};
  std::vector<const Candidate*> texts;
  for (const Candidate& candidate : candidates) {
    if (IsTextAlone(candidate)) texts.push_back(&candidate);
  }
  return FindRivals(contract, std::move(texts));
}

std::vector<Rival> FindRivals(const Contract& contract, std::vector<const Candidate*> texts) {
  std::stable_sort(texts.begin(), texts.end(), [](const Candidate* a, const Candidate* b) {
    return a->verdict.score > b->verdict.score;
  });
  const double least = texts.front()->verdict.score - kNearly;
  std::erase_if(texts, [&](const Candidate* text) { return text->verdict.score <= least; });
  if (texts.size() == 1) return {Rival{std::move(texts)}};
  std::vector<Rival> rivals;
  std::map<std::string, std::size_t> places;  // of the rivals, by effect
  for (const Candidate* candidate : texts) {
    std::string effect = EffectOf(contract, candidate->completion.text);
    const auto [place, is_new] = places.emplace(std::move(effect), rivals.size());
    if (is_new) rivals.emplace_back();
    rivals[place->second].alike.push_back(candidate);
  }
  return rivals;
}

const Rival* MajorityOf(const std::vector<Rival>& rivals, std::size_t candidates) {
  const auto found = std::find_if(rivals.begin(), rivals.end(), [&](const Rival& rival) {
    return 2 * rival.alike.size() > candidates;
  });
  return found == rivals.end() ? nullptr : &*found;
}

bool IsSettled(const Contract& contract, const std::vector<Candidate>& candidates, bool has_judge) {
  const Candidate* anchor = FindAnchor(candidates);
  if (anchor == nullptr || !anchor->usable()) return false;
  if (!IsTextAlone(*anchor)) return IsAnchorDecided(candidates);
  // What is nearly as good may fall behind a better one.
  if (anchor->verdict.score < 1) return !has_judge && IsAnchorDecided(candidates);
  const std::vector<Rival> rivals = FindRivals(contract, candidates);
  if (MajorityOf(rivals, candidates.size()) != nullptr) return true;
  return !has_judge && IsAnchorDecided(candidates) && !MayBeOutnumbered(rivals, candidates);
}

}  // namespace mom
