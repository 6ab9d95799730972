#include "service/model/model_client.h"

#include <utility>

namespace mom {

asio::awaitable<Collected> Collect(std::unique_ptr<DeltaStream> stream) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  Collected collected;
  while (true) {
    StatusOr<std::optional<ChatDelta>> next = co_await stream->Next();
    if (!next.ok()) collected.status = next.status();
    if (!next.ok() || !next->has_value()) break;
    const ChatDelta& delta = **next;
    if (!collected.time_to_first_token && delta.IsPayload()) {
      collected.time_to_first_token = Clock::now() - start;
    }
    collected.completion.Append(delta);
  }
  collected.latency = Clock::now() - start;
  co_return collected;
}

}  // namespace mom
