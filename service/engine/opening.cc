#include "service/engine/opening.h"

#include "service/engine/answer_guard.h"

namespace mom {
namespace {

// Whether a start is a refusal, or a few more words may make it one.
bool MayBeRefusal(const ChatDelta& start) {
  const AnswerGuard guard{std::string()};
  return !start.refusal.empty() || guard.DoubtOf(start.text) != AnswerGuard::Doubt::kNone;
}

}  // namespace

asio::awaitable<void> ReadOnInDoubt(HeldAnswer& answer, std::optional<ChatDelta>& start) {
  while (start && MayBeRefusal(*start) && !answer.result().delivered) {
    const std::optional<ChatDelta> more = co_await answer.Next();
    if (more) {
      start->text += more->text;
      start->reasoning += more->reasoning;
      start->refusal += more->refusal;
    } else if (!answer.result().delivered) {
      start.reset();  // it broke off
    }
  }
}

}  // namespace mom
