#include "service/engine/call_extras.h"

#include <utility>

#include "service/engine/call_id.h"

namespace mom {
namespace {

constexpr std::chrono::hours kLongest{24};
constexpr std::size_t kMostHeldBytes = 32 << 20;
constexpr std::size_t kMostBytesOfOne = 1 << 20;

// What is to stand beside the call for that model.
std::string ExtraOf(const ToolCall& call, const std::string& model, const CallExtras& extras) {
  if (!IsCallId(call.id)) return call.extra_content_json;
  if (!IsCallIdOf(call.id, model)) return std::string();
  return call.extra_content_json.empty() ? extras.Find(call.id) : call.extra_content_json;
}

}  // namespace

void CallExtras::Keep(const std::string& id, const std::string& extra_content_json,
                      Clock::time_point now) {
  if (extra_content_json.empty() || extra_content_json.size() > kMostBytesOfOne) return;
  const std::lock_guard lock(mutex_);
  if (!kept_.try_emplace(id, Kept{extra_content_json, now}).second) return;
  ids_.push_back(id);
  bytes_ += id.size() + extra_content_json.size();
  DropOld(now);
}

std::string CallExtras::Find(const std::string& id, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  const auto found = kept_.find(id);
  if (found == kept_.end() || now - found->second.at > kLongest) return std::string();
  return found->second.json;
}

void CallExtras::DropOld(Clock::time_point now) {
  while (!ids_.empty()) {
    const auto oldest = kept_.find(ids_.front());
    if (bytes_ <= kMostHeldBytes && now - oldest->second.at <= kLongest) return;
    bytes_ -= oldest->first.size() + oldest->second.json.size();
    kept_.erase(oldest);
    ids_.pop_front();
  }
}

std::shared_ptr<const ChatRequest> WithOwnExtras(std::shared_ptr<const ChatRequest> chat,
                                                 const std::string& model,
                                                 const CallExtras& extras) {
  std::shared_ptr<ChatRequest> copy;
  for (std::size_t i = 0; i < chat->messages.size(); ++i) {
    const std::vector<ToolCall>& calls = chat->messages[i].tool_calls;
    for (std::size_t k = 0; k < calls.size(); ++k) {
      std::string extra = ExtraOf(calls[k], model, extras);
      if (extra == calls[k].extra_content_json) continue;
      if (copy == nullptr) copy = std::make_shared<ChatRequest>(*chat);
      copy->messages[i].tool_calls[k].extra_content_json = std::move(extra);
    }
  }
  if (copy == nullptr) return chat;
  return copy;
}

}  // namespace mom
