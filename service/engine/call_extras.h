// What providers give beside their tool calls, for the turn after.
#ifndef MOM_ENGINE_CALL_EXTRAS_H_
#define MOM_ENGINE_CALL_EXTRAS_H_

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "service/model/chat.h"

namespace mom {

// ToolCall::extra_content_json of the calls that mixtures handed out, by their ids, for clients
// that do not send it back. For a day; of more than 32 MB the oldest go first. Owner: the engine.
// Thread-safe: the loops share it.
class CallExtras {
 public:
  using Clock = std::chrono::steady_clock;

  // An empty one is none.
  void Keep(const std::string& id, const std::string& extra_content_json,
            Clock::time_point now = Clock::now());
  // Empty: none is known.
  std::string Find(const std::string& id, Clock::time_point now = Clock::now()) const;

 private:
  struct Kept {
    std::string json;
    Clock::time_point at;
  };
  void DropOld(Clock::time_point now);

  mutable std::mutex mutex_;
  std::unordered_map<std::string, Kept> kept_;  // guarded by mutex_, as all that follows
  std::deque<std::string> ids_;                 // of kept_, the oldest first
  std::size_t bytes_ = 0;
};

// The conversation as `model` is to read it: its own calls have what came beside them, put back
// where the client left it out; those of a mixture's other models do not.
std::shared_ptr<const ChatRequest> WithOwnExtras(std::shared_ptr<const ChatRequest> chat,
                                                 const std::string& model,
                                                 const CallExtras& extras);

}  // namespace mom

#endif  // MOM_ENGINE_CALL_EXTRAS_H_
