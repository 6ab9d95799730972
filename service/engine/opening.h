// Several answers under way, to see which is the first that can go out.
#ifndef MOM_ENGINE_OPENING_H_
#define MOM_ENGINE_OPENING_H_

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "service/engine/held_answer.h"

namespace mom {

// An answer that has something to show that can go out, or is over.
template <typename T>
struct Opened {
  std::shared_ptr<T> whose;
  // What can go out so far; unset: it is over, and nothing can.
  std::optional<ChatDelta> first;
};

// Reads `whose->answer`, a HeldAnswer, up to its first piece that a reader would see; reasoning
// that comes before is put into that piece. To be run in a FanOut. Cancellation: throws.
template <typename T>
asio::awaitable<Opened<T>> Open(std::shared_ptr<T> whose) {
  Opened<T> opened;
  opened.whose = whose;
  std::string reasoning;
  do {
    opened.first = co_await whose->answer.Next();
    if (opened.first) reasoning += std::exchange(opened.first->reasoning, std::string());
  } while (opened.first && !whose->answer.visible());
  if (opened.first) opened.first->reasoning = std::move(reasoning);
  co_return opened;
}

// Reads on a member's answer, of which `start` is what can go out so far, as long as that may be a
// refusal; unset: it is over, and nothing can. Cancellation: throws.
asio::awaitable<void> ReadOnInDoubt(HeldAnswer& answer, std::optional<ChatDelta>& start);

}  // namespace mom

#endif  // MOM_ENGINE_OPENING_H_
