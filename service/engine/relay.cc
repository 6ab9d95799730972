#include "service/engine/relay.h"

#include <chrono>
#include <utility>

#include "service/base/reasons.h"
#include "service/net/fan_out.h"

namespace mom {
namespace {

using Clock = Deadline::Clock;
using Read = StatusOr<std::optional<ChatDelta>>;

constexpr int kHoldPieces = 2;
constexpr std::chrono::milliseconds kHoldTime{100};

asio::awaitable<Read> NextOf(std::shared_ptr<DeltaStream> stream) {
  co_return co_await stream->Next();
}

// Reads a stream with a deadline for each read. A read that is late goes on and is the next one's.
class TimedReader {
 public:
  TimedReader(std::unique_ptr<DeltaStream> stream, const asio::any_io_executor& executor)
      : stream_(std::move(stream)), late_(executor) {}

  // nullopt: the deadline came first.
  asio::awaitable<std::optional<Read>> Next(Deadline deadline) {
    if (deadline.IsNever() && late_.empty()) {
      std::optional<Read> read(co_await stream_->Next());
      co_return read;
    }
    if (late_.empty()) late_.Add(NextOf(stream_));
    auto result = co_await late_.Next(deadline);
    if (!result) co_return std::nullopt;
    co_return std::optional<Read>(std::move(result->value));
  }

 private:
  std::shared_ptr<DeltaStream> stream_;
  FanOut<Read> late_;
};

class Relaying {
 public:
  Relaying(RunContext& context, std::unique_ptr<DeltaStream> stream, const AnswerGuard* guard,
           const asio::any_io_executor& executor)
      : context_(context),
        guard_(guard),
        reader_(std::move(stream), executor),
        start_(Clock::now()) {}

  asio::awaitable<StatusOr<Relayed>> Run() {
    Collected& collected = relayed_.collected;
    while (true) {
      const Deadline hold = hold_until_;
      std::optional<Read> read = co_await reader_.Next(hold);
      Status sent;
      if (!read) {
        sent = co_await ReleaseStart();
      } else if (!read->ok() || !(*read)->has_value()) {
        collected.status = read->status();
        break;
      } else {
        sent = co_await Take(std::move(***read));
      }
      if (!sent.ok()) co_return sent;
      if (!relayed_.rejected.empty()) break;
    }
    collected.latency = Clock::now() - start_;
    Status sent;
    if (collected.status.ok() && relayed_.rejected.empty()) sent = co_await Finish();
    if (!sent.ok()) co_return sent;
    co_return std::move(relayed_);
  }

 private:
  asio::awaitable<Status> Take(ChatDelta delta) {
    Collected& collected = relayed_.collected;
    if (!collected.time_to_first_token) collected.time_to_first_token = Clock::now() - start_;
    collected.completion.Append(delta);
    delta.tool_calls.clear();
    if (guard_ != nullptr) delta.reasoning.clear();
    visible_ = visible_ || !IsBlank(delta.text) || !delta.refusal.empty();
    Append(held_, std::move(delta));
    if (guard_ != nullptr && !released_ && !held_.refusal.empty()) {
      relayed_.rejected = NameOf(Grade::kRefused);
      co_return Status();
    }
    if (context_.holds_all()) co_return Status();
    if (released_) co_return co_await SendHeld();
    if (visible_) {
      if (++held_pieces_ >= kHoldPieces) co_return co_await ReleaseStart();
      if (hold_until_.IsNever()) hold_until_ = Deadline::After(kHoldTime);
    } else if (!held_.reasoning.empty()) {
      ChatDelta thought;
      std::swap(thought.reasoning, held_.reasoning);
      co_return co_await context_.Emit(std::move(thought));
    }
    co_return Status();
  }

  // The start of the text has been held long enough: judge it and let it go.
  asio::awaitable<Status> ReleaseStart() {
    hold_until_ = Deadline::Never();
    if (guard_ != nullptr) {
      const auto why = guard_->Reject(held_.text, false);
      if (why) relayed_.rejected = *why;
    }
    if (!relayed_.rejected.empty()) co_return Status();
    released_ = true;
    co_return co_await SendHeld();
  }

  asio::awaitable<Status> SendHeld() {
    ChatDelta out;
    std::swap(out, held_);
    if (out.text.empty() && out.reasoning.empty() && out.refusal.empty()) co_return Status();
    co_return co_await context_.Emit(std::move(out));
  }

  // The model has completed its answer.
  asio::awaitable<Status> Finish() {
    const Completion& completion = relayed_.collected.completion;
    relayed_.grade = GradeOf(completion, *context_.chat());
    if (!released_) Judge(completion);
    if (!relayed_.rejected.empty()) co_return Status();
    if (guard_ == nullptr && released_ && relayed_.grade == Grade::kContractBroken &&
        !completion.tool_calls.empty()) {
      // The text is out, and calls that cannot be made must not follow it.
      relayed_.collected.status =
          MakeError(StatusCode::kUnavailable, "the model's tool calls are not well-formed",
                    reason::kUpstreamProtocol);
      co_return Status();
    }
    relayed_.delivered = true;
    Status sent = co_await SendHeld();
    if (sent.ok() && guard_ == nullptr && !completion.tool_calls.empty()) {
      Completion calls;
      calls.tool_calls = completion.tool_calls;
      calls.finish_reason = completion.finish_reason;
      sent = co_await context_.EmitWhole(calls);
    }
    co_return sent;
  }

  // Nothing has been shown yet, so the answer can still be rejected.
  void Judge(const Completion& completion) {
    const Grade grade = relayed_.grade;
    if (grade == Grade::kFailed) {
      relayed_.rejected = "empty";
    } else if (grade == Grade::kContractBroken || (guard_ != nullptr && grade != Grade::kUsable)) {
      relayed_.rejected = NameOf(grade);
    } else if (guard_ != nullptr && !completion.tool_calls.empty()) {
      relayed_.rejected = "tool_calls";
    } else if (guard_ != nullptr) {
      relayed_.rejected = guard_->Reject(completion.text, true).value_or("");
    }
  }

  static void Append(ChatDelta& to, ChatDelta from) {
    to.text += from.text;
    to.reasoning += from.reasoning;
    to.refusal += from.refusal;
  }

  RunContext& context_;
  const AnswerGuard* guard_;
  TimedReader reader_;
  Clock::time_point start_;
  Deadline hold_until_;
  bool visible_ = false;   // something came that a reader would see
  bool released_ = false;  // the text's start is out: the commit point is passed
  int held_pieces_ = 0;
  ChatDelta held_;
  Relayed relayed_;
};

}  // namespace

asio::awaitable<StatusOr<Relayed>> Relay(RunContext& context, std::unique_ptr<DeltaStream> stream,
                                         const AnswerGuard* guard) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Relaying relaying(context, std::move(stream), guard, executor);
  co_return co_await relaying.Run();
}

}  // namespace mom
