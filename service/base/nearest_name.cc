#include "service/base/nearest_name.h"

#include <algorithm>
#include <cstddef>

namespace mom {
namespace {

// Optimal string alignment: inserted, left out, changed and swapped characters.
std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> cost(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (std::size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0 : 1;
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1, cost[i - 1][j - 1] + change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string NearestName(std::string_view name, const std::vector<std::string>& known) {
  const std::size_t most = std::clamp<std::size_t>(name.size() / 3, 1, 2);
  std::size_t best_distance = most + 1;
  std::string best;
  for (const std::string& candidate : known) {
    // The difference in length is a lower bound, and keeps long nonsense cheap.
    if (std::max(candidate.size(), name.size()) - std::min(candidate.size(), name.size()) > most) {
      continue;
    }
    const std::size_t distance = EditDistance(name, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = candidate;
    }
  }
  return best;
}

std::string SuggestName(std::string_view name, const std::vector<std::string>& known) {
  const std::string near = NearestName(name, known);
  if (!near.empty()) return "did you mean \"" + near + "\"?";
  if (known.empty()) return "there is none yet";
  return (known.size() == 1 ? "write " : "write one of ") + JoinNames(known);
}

std::string JoinNames(const std::vector<std::string>& names) {
  std::string out;
  for (const std::string& name : names) out.append(out.empty() ? "" : ", ").append(name);
  return out;
}

}  // namespace mom
