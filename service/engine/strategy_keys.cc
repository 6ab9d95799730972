#include "service/engine/strategy_keys.h"

#include <algorithm>

namespace mom {
namespace {

struct Entry {
  std::string strategy;
  std::vector<std::string> keys;  // those that not all strategies read
};

// Default first. With one member, most do as `single`.
const std::vector<Entry>& Table() {
  static const std::vector<Entry> kTable = {
      {"auto",
       {"side_model", "critic", "critic_fallbacks", "critic_hedge", "analysis", "judge", "quorum",
        "grace", "stream_hold", "mutating_tools", "tool_turns", "tool_turns_every",
        "prompts.critic"}},
      {"synthesize",
       {"critic", "critic_fallbacks", "critic_hedge", "analysis", "quorum", "grace", "stream_hold",
        "prompts.critic"}},
      {"arbitrate",
       {"critic", "critic_fallbacks", "critic_hedge", "analysis", "judge", "quorum", "grace",
        "stream_hold", "mutating_tools", "tool_turns", "tool_turns_every", "prompts.critic"}},
      {"select", {"critic", "judge", "quorum", "grace", "stream_hold"}},
      {"single", {"stream_hold"}},
      {"vote", {"critic", "judge", "quorum", "grace"}},
      {"race", {"stream_hold"}},
      {"cascade", {"tiers", "critic", "judge", "quorum", "grace"}},
      {"self",
       {"samples", "critic", "critic_fallbacks", "critic_hedge", "analysis", "judge", "quorum",
        "grace", "stream_hold", "mutating_tools", "tool_turns", "tool_turns_every",
        "prompts.critic"}},
  };
  return kTable;
}

}  // namespace

const std::vector<std::string>& StrategyNames() {
  static const std::vector<std::string> kNames = [] {
    std::vector<std::string> names;
    for (const Entry& entry : Table()) names.push_back(entry.strategy);
    return names;
  }();
  return kNames;
}

bool ReadsKey(std::string_view strategy, std::string_view key) {
  return std::any_of(Table().begin(), Table().end(), [&](const Entry& entry) {
    return entry.strategy == strategy &&
           std::find(entry.keys.begin(), entry.keys.end(), key) != entry.keys.end();
  });
}

std::vector<std::string> KeysNotReadBy(std::string_view strategy) {
  std::vector<std::string> out;
  for (const Entry& other : Table()) {
    for (const std::string& key : other.keys) {
      const bool is_new = std::find(out.begin(), out.end(), key) == out.end();
      if (is_new && !ReadsKey(strategy, key)) out.push_back(key);
    }
  }
  return out;
}

}  // namespace mom
