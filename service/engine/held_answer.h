// One model's answer, held until its start may go out.
#ifndef MOM_ENGINE_HELD_ANSWER_H_
#define MOM_ENGINE_HELD_ANSWER_H_

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "service/base/deadline.h"
#include "service/engine/answer_guard.h"
#include "service/engine/candidate.h"
#include "service/engine/wait_clock.h"
#include "service/model/model_client.h"
#include "service/net/fan_out.h"

namespace mom {

// What became of a relayed answer. Times are those that the model was waited for (wait_clock.h).
struct Relayed {
  Collected collected;  // as the model sent it
  // Of the first piece that a reader would see.
  std::optional<std::chrono::nanoseconds> time_to_first_visible;
  Grade grade = Grade::kFailed;
  // The client got it, whole: nothing is left to do.
  bool delivered = false;
  // Why it was not passed on although the model did not fail ("refused", "cut", "empty", ...).
  std::string rejected;
};

// Reads a stream with a deadline for each read. A read that is late goes on and is the next one's.
class TimedReader {
 public:
  using Read = StatusOr<std::optional<ChatDelta>>;
  TimedReader(std::unique_ptr<DeltaStream> stream, const asio::any_io_executor& executor)
      : stream_(std::move(stream)), late_(executor) {}
  // nullopt: the deadline came first.
  asio::awaitable<std::optional<Read>> Next(Deadline deadline);

 private:
  std::shared_ptr<DeltaStream> stream_;
  FanOut<Read> late_;
};

// A source of what may go out of an answer. With a `guard` it is a critic's answer: it must be
// usable and pass the guard, its reasoning (which is about the candidates) is left out, and it
// cannot call tools. Without one it is a member's: anything but nothing and malformed tool calls
// goes out, and reasoning goes out as it comes. Text is held until its second piece or 100 ms after
// the first, blanks not counted; where the guard is in doubt about it, up to a second, and where it
// reads like a refusal until it is too long for one; where the whole is held, until the end. From
// there on, what repeats the critic's fence ends it as a failure. Tool calls are not given:
// they are in the result; malformed ones after a text that went out are a failure, and of others
// those go out that may. Owns all it needs. Thread: its loop's only.
class HeldAnswer {
 public:
  // `hold_whole`: nothing goes out before the end.
  HeldAnswer(std::unique_ptr<DeltaStream> stream, std::shared_ptr<ToolRules> rules,
             std::optional<AnswerGuard> guard, bool hold_whole,
             const asio::any_io_executor& executor);

  // The next piece that may go out, never an empty one; nullopt: there is no more, and result() is
  // final. Cancellation: throws; the upstream call stops with this object.
  asio::awaitable<std::optional<ChatDelta>> Next();

  // How long the model was waited for so far.
  Deadline::Duration waited() const { return clock_.Waited(Deadline::Clock::now()); }
  bool visible() const { return result_.time_to_first_visible.has_value(); }
  // `delivered` where the answer is good and whole: then the client gets it with the last piece.
  const Relayed& result() const { return result_; }

 private:
  void Take(ChatDelta delta);
  bool RepeatsFence(std::size_t size) const;
  void TryRelease();
  void HoldBack(std::string& text);
  void End(Status status);
  void Judge(const Completion& completion);
  std::optional<ChatDelta> TakeReady();

  const std::shared_ptr<ToolRules> rules_;  // the request's
  const std::optional<AnswerGuard> guard_;
  const bool hold_whole_;
  TimedReader reader_;
  WaitClock clock_;
  std::optional<Deadline::Clock::time_point> visible_at_;
  Deadline hold_until_;
  bool released_ = false;  // the text's start was let go: the commit point
  bool over_ = false;
  int held_pieces_ = 0;
  ChatDelta held_;
  Relayed result_;
};

}  // namespace mom

#endif  // MOM_ENGINE_HELD_ANSWER_H_
