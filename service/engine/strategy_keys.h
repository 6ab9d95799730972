// Which keys of a mixture each strategy reads.
#ifndef MOM_ENGINE_STRATEGY_KEYS_H_
#define MOM_ENGINE_STRATEGY_KEYS_H_

#include <string>
#include <string_view>
#include <vector>

namespace mom {

// What `strategy` of a mixture can be, default first: the strategies that exist, and `auto`.
const std::vector<std::string>& StrategyNames();

// Whether `strategy`, one of the names, reads `key` ("quorum", "prompts.critic"), which not all
// strategies do.
bool ReadsKey(std::string_view strategy, std::string_view key);

// The keys that other strategies read and `strategy` does not.
std::vector<std::string> KeysNotReadBy(std::string_view strategy);

}  // namespace mom

#endif  // MOM_ENGINE_STRATEGY_KEYS_H_
