#include "service/model/target_table.h"

#include <algorithm>

namespace mom {

std::shared_ptr<TargetState> TargetTable::Get(const ProviderConfig& provider,
                                              const ModelConfig& model) {
  std::erase_if(entries_, [](const Entry& entry) { return entry.state.expired(); });
  const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
    return entry.base_url == provider.base_url && entry.id == model.id &&
           entry.api_key == provider.api_key && entry.headers == provider.headers;
  });
  // Streams of the old snapshot may let go of it at any time, on their loops.
  std::shared_ptr<TargetState> state = found == entries_.end() ? nullptr : found->state.lock();
  if (state != nullptr) {
    state->OnReload(model);
    return state;
  }
  state = std::make_shared<TargetState>();
  entries_.push_back(Entry{provider.base_url, model.id, provider.api_key, provider.headers, state});
  return state;
}

}  // namespace mom
