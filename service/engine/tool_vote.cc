#include "service/engine/tool_vote.h"

#include <algorithm>
#include <cctype>
#include <cstddef>
#include <map>

#include "service/contract/tool_calls.h"
#include "service/engine/stop_rule.h"

namespace mom {
namespace {

bool Matches(std::string_view name, std::string_view pattern) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  // Where a star was last, and what it stands for so far: the usual way without recursion.
  std::size_t n = 0;
  std::size_t p = 0;
  std::size_t star = std::string_view::npos;
  std::size_t covered = 0;
  while (n < name.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      covered = n;
    } else if (p < pattern.size() && same(name[n], pattern[p])) {
      ++n;
      ++p;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      n = ++covered;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool IsStronger(const Side& a, const Side& b) {
  if (a.backers.size() != b.backers.size()) return a.backers.size() > b.backers.size();
  if (a.is_rash() != b.is_rash()) return b.is_rash();
  return a.backers.front() < b.backers.front();
}

}  // namespace

bool IsOneOf(std::string_view name, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return Matches(name, pattern); });
}

bool ChangesSomething(const std::vector<ToolCall>& calls, const MixtureConfig& mixture) {
  return std::any_of(calls.begin(), calls.end(), [&](const ToolCall& call) {
    return IsOneOf(call.name, mixture.mutating_tools);
  });
}

ToolVote::ToolVote(const std::vector<Candidate>& candidates, const MixtureConfig& mixture) {
  std::map<std::string, Side> sides;
  int alive = 0;
  for (const Candidate& candidate : candidates) {
    if (candidate.has_answer() || candidate.state == CandidateState::kCancelled) ++alive;
    if (!candidate.usable()) continue;
    const std::vector<ToolCall>& calls = candidate.completion.tool_calls;
    Side& side = sides[SignatureOf(calls)];
    side.is_words = calls.empty();
    side.mutates = ChangesSomething(calls, mixture);
    side.backers.push_back(&candidate);
  }
  for (auto& [signature, side] : sides) sides_.push_back(std::move(side));
  std::sort(sides_.begin(), sides_.end(), IsStronger);
  needed_ = std::max(2, QuorumOf(mixture.quorum, alive));
}

const Side* ToolVote::Winner() const {
  if (sides_.empty()) return nullptr;
  const Side& first = sides_.front();
  const bool has_enough = static_cast<int>(first.backers.size()) >= needed_;
  return has_enough || (sides_.size() == 1 && !first.is_rash()) ? &first : nullptr;
}

bool ToolVote::IsDecided() const {
  return !sides_.empty() && !sides_.front().is_words &&
         static_cast<int>(sides_.front().backers.size()) >= needed_;
}

int ToolVote::callers() const {
  int callers = 0;
  for (const Side& side : sides_) {
    if (!side.is_words) callers += static_cast<int>(side.backers.size());
  }
  return callers;
}

}  // namespace mom
