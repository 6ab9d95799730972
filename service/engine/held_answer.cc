#include "service/engine/held_answer.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "service/base/reasons.h"

namespace mom {
namespace {

using Clock = Deadline::Clock;
using Read = TimedReader::Read;

constexpr int kHoldPieces = 2;
constexpr std::chrono::milliseconds kHoldTime{100};
// Where a few more words will tell whether it can go out.
constexpr std::chrono::milliseconds kLongHoldTime{1000};

asio::awaitable<Read> NextOf(std::shared_ptr<DeltaStream> stream) {
  co_return co_await stream->Next();
}

bool IsEmpty(const ChatDelta& delta) {
  return delta.text.empty() && delta.reasoning.empty() && delta.refusal.empty();
}

}  // namespace

asio::awaitable<std::optional<Read>> TimedReader::Next(Deadline deadline) {
  if (deadline.IsNever() && late_.empty()) {
    std::optional<Read> read(co_await stream_->Next());
    co_return read;
  }
  if (late_.empty()) late_.Add(NextOf(stream_));
  auto result = co_await late_.Next(deadline);
  if (!result) co_return std::nullopt;
  co_return std::optional<Read>(std::move(result->value));
}

HeldAnswer::HeldAnswer(std::unique_ptr<DeltaStream> stream, std::shared_ptr<ToolRules> rules,
                       std::optional<AnswerGuard> guard, bool hold_whole,
                       const asio::any_io_executor& executor)
    : rules_(std::move(rules)),
      guard_(std::move(guard)),
      hold_whole_(hold_whole),
      reader_(std::move(stream), executor) {}

asio::awaitable<std::optional<ChatDelta>> HeldAnswer::Next() {
  while (!over_) {
    const Deadline hold = hold_until_;
    clock_.Start(Clock::now());
    std::optional<Read> read = co_await reader_.Next(hold);
    clock_.Stop(Clock::now());
    if (!read) {
      TryRelease();
    } else if (!read->ok() || !(*read)->has_value()) {
      End(read->status());
    } else {
      Take(std::move(***read));
    }
    std::optional<ChatDelta> ready = TakeReady();
    if (ready) co_return ready;
  }
  co_return std::nullopt;
}

void HeldAnswer::Take(ChatDelta delta) {
  Collected& collected = result_.collected;
  const std::chrono::nanoseconds took = waited();
  if (!collected.time_to_first_token) collected.time_to_first_token = took;
  collected.completion.Append(delta);
  delta.tool_calls.clear();
  if (guard_) delta.reasoning.clear();
  if (!visible() && (!IsBlank(delta.text) || !delta.refusal.empty())) {
    result_.time_to_first_visible = took;
    visible_at_ = Clock::now();
  }
  held_.text += delta.text;
  held_.reasoning += delta.reasoning;
  held_.refusal += delta.refusal;
  if (guard_ && !released_ && !held_.refusal.empty()) {
    result_.rejected = NameOf(Grade::kRefused);
    End(Status());
  } else if (guard_ && released_ && RepeatsFence(delta.text.size())) {
    held_ = ChatDelta();
    End(MakeError(StatusCode::kUnavailable, "the critic repeats what fenced the candidates",
                  reason::kUpstreamProtocol));
  } else if (!hold_whole_ && !released_ && visible()) {
    ++held_pieces_;
    TryRelease();
  }
}

// Whether the text's last bytes, `size` of them new, have a part of the fence.
bool HeldAnswer::RepeatsFence(std::size_t size) const {
  constexpr std::size_t kLongestFence = 64;
  const std::string_view text = result_.collected.completion.text;
  return guard_->RepeatsFence(
      text.substr(text.size() - std::min(text.size(), size + kLongestFence)));
}

// Lets the start of the text go where it has been held long enough and is in no doubt.
void HeldAnswer::TryRelease() {
  if (guard_) result_.rejected = guard_->RejectStart(held_.text).value_or("");
  if (!result_.rejected.empty()) return End(Status());
  using Doubt = AnswerGuard::Doubt;
  const Doubt doubt = guard_ ? guard_->DoubtOf(held_.text) : Doubt::kNone;
  hold_until_ = doubt == Doubt::kNone       ? Deadline::At(*visible_at_ + kHoldTime)
                : doubt == Doubt::kFewWords ? Deadline::At(*visible_at_ + kLongHoldTime)
                                            : Deadline::Never();
  const bool is_enough = doubt == Doubt::kNone && held_pieces_ >= kHoldPieces;
  if (!is_enough && !hold_until_.Passed()) return;
  hold_until_ = Deadline::Never();
  released_ = true;
}

// What may go out now.
std::optional<ChatDelta> HeldAnswer::TakeReady() {
  ChatDelta ready;
  if (released_ || result_.delivered) {
    std::swap(ready, held_);
    if (guard_ && !over_) HoldBack(ready.text);
  } else if (!over_ && !hold_whole_ && !visible()) {
    std::swap(ready.reasoning, held_.reasoning);
  }
  if (IsEmpty(ready)) return std::nullopt;
  return ready;
}

// Keeps the end of a text that may turn out to be a fence.
void HeldAnswer::HoldBack(std::string& text) {
  const std::size_t kept = guard_->MayBeginFence(text);
  held_.text = text.substr(text.size() - kept);
  text.resize(text.size() - kept);
}

// No more is read.
void HeldAnswer::End(Status status) {
  over_ = true;
  const Completion& completion = result_.collected.completion;
  result_.collected.latency = waited();
  result_.collected.status = std::move(status);
  if (!result_.collected.status.ok() || !result_.rejected.empty()) return;
  const CallsVerdict calls = rules_->Judge(completion.tool_calls);
  result_.grade = GradeOf(completion, calls);
  if (!released_) Judge(completion);
  if (!result_.rejected.empty()) return;
  if (!guard_ && released_ && calls.fault == CallsFault::kMalformed) {
    // The text is out, and calls that cannot be made must not follow it.
    result_.collected.status =
        MakeError(StatusCode::kUnavailable, "the model's tool calls are not well-formed",
                  reason::kMalformedToolCall);
    return;
  }
  result_.delivered = true;
}

// Nothing has been let go yet, so the answer can still be rejected.
void HeldAnswer::Judge(const Completion& completion) {
  const Grade grade = result_.grade;
  if (grade == Grade::kFailed) {
    result_.rejected = completion.tool_calls.empty() ? "empty" : "tool_calls";
  } else if (grade == Grade::kContractBroken ||
             (guard_ && (grade == Grade::kCut || IsDeclaredRefusal(completion)))) {
    result_.rejected = NameOf(grade);
  } else if (guard_ && !completion.tool_calls.empty()) {
    result_.rejected = "tool_calls";
  } else if (guard_) {
    result_.rejected = guard_->RejectWhole(completion).value_or("");
  }
}

}  // namespace mom
