#include "service/rpc/call.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <chrono>
#include <exception>
#include <utility>

#include "service/base/deadline_passed.h"
#include "service/base/log.h"
#include "service/base/reasons.h"
#include "service/engine/answer_cut.h"
#include "service/rpc/grpc_status.h"
#include "service/rpc/metadata.h"

namespace mom {
namespace {

Status ClientLeft() { return MakeError(StatusCode::kCancelled, "the client left", ErrorInfo()); }

Status ClientGone() { return MakeError(StatusCode::kCancelled, "the client is gone", ErrorInfo()); }

Status SlowReader(std::chrono::milliseconds limit) {
  ErrorInfo info;
  info.reason = reason::kSlowReader;
  info.metadata["config_key"] = "server.slow_reader_timeout";
  return MakeError(
      StatusCode::kDeadlineExceeded,
      "the client read nothing for " + std::to_string(limit.count()) + " ms; it is cut off",
      std::move(info));
}

}  // namespace

Status ShuttingDown() {
  ErrorInfo info;
  info.reason = reason::kShuttingDown;
  info.retry_after = std::chrono::seconds(1);
  return MakeError(StatusCode::kUnavailable, "the service is shutting down; ask again",
                   std::move(info));
}

Call::Call(CallHost& host, bool gated)
    : host_(host),
      gated_(gated),
      op_(host.loop.inbox()),
      done_(host.loop.inbox()),
      over_(host.loop.inbox().executor()) {
  done_.OnComplete([this](bool) {
    over_.Set();
    if (context_.IsCancelled()) Abort(TimeIsUp() ? DeadlinePassed() : ClientLeft());
  });
}

void Call::Open(std::unique_ptr<Call> call) {
  CallGate& gate = call->host_.gate;
  gate.AddSlot();
  const auto executor = call->host_.loop.inbox().executor();
  asio::co_spawn(executor, Live(std::move(call)), [&gate](std::exception_ptr error) {
    gate.RemoveSlot();
    // Only the set-up of a call can throw here: out of memory.
    if (error) std::rethrow_exception(error);
  });
}

asio::awaitable<void> Call::Live(std::unique_ptr<Call> call) {
  call->context_.AsyncNotifyWhenDone(call->done_.Tag());
  call->Request(call->op_.Tag());
  // False: the server stops. Then `done_` never comes.
  const bool accepted = co_await call->op_.Wait();
  if (!accepted) co_return;
  call->accepted_ = Deadline::Clock::now();
  Open(call->NewSlot());
  const bool admitted = !call->gated_ || call->host_.gate.Enter();
  if (!admitted) call->Abort(ShuttingDown());
  co_await call->Answer();
  if (admitted && call->gated_) call->host_.gate.Leave();
}

asio::awaitable<void> Call::Answer() {
  host_.calls.insert(this);
  const Status status = co_await ServeAsRoot();
  host_.calls.erase(this);
  co_await WaitOrCutOff();  // for what the root coroutine left behind
  Finish(ToGrpcStatus(status), WriteTag());
  co_await WaitOrCutOff();
  co_await over_.Wait();
}

void* Call::ReadTag() {
  taken_by_ = Deadline::Never();
  return op_.Tag();
}

void* Call::WriteTag() {
  taken_by_ = Deadline::After(host_.slow_reader_timeout);
  return op_.Tag();
}

asio::awaitable<Status> Call::OperationOver(Deadline deadline) {
  if (op_.outstanding()) {
    const Deadline limit = Deadline::Earliest(deadline, taken_by_);
    const bool in_time = co_await op_.WaitUntil(limit);
    if (!in_time) {
      co_return limit == taken_by_ ? SlowReader(host_.slow_reader_timeout) : DeadlinePassed();
    }
  }
  co_return op_.ok() ? Status() : ClientGone();
}

// Comes back at once where the call is cancelled, else as soon as the client takes the message.
asio::awaitable<void> Call::WaitOrCutOff() {
  const bool in_time = !op_.outstanding() || co_await op_.WaitUntil(taken_by_);
  if (in_time) co_return;
  context_.TryCancel();
  co_await op_.Wait();
}

asio::awaitable<Status> Call::ServeAsRoot() {
  // It may have been cancelled before there was a coroutine to cancel.
  if (abort_) co_return CancelReason();
  try {
    auto token = asio::bind_cancellation_slot(cancel_.slot(), asio::use_awaitable);
    co_return co_await asio::co_spawn(host_.loop.inbox().executor(), Serve(), token);
  } catch (const boost::system::system_error& error) {
    if (abort_ && error.code() == asio::error::operation_aborted) co_return CancelReason();
    co_return Bug(error.what());
  } catch (const std::exception& error) {
    co_return Bug(error.what());
  }
}

asio::awaitable<Status> Call::TakePlace(std::int64_t bytes, Deadline deadline) {
  StatusOr<Admission::Place> place = co_await host_.admission.Enter(bytes, deadline);
  if (place.ok()) place_ = *std::move(place);
  co_return place.status();
}

void Call::Abort(Status why) {
  if (abort_) return;
  abort_ = std::move(why);
  cancel_.emit(asio::cancellation_type::terminal);
}

Status Call::CancelReason() const {
  const Status why = abort_.value_or(ClientLeft());
  return answer_begun_ ? AnswerCut(why) : why;
}

// The client's own clock runs out a little before ours, and takes the call back: the time travels
// with three digits, rounded up.
bool Call::TimeIsUp() const {
  const Deadline deadline = DeadlineOf(context_);
  if (deadline.IsNever()) return false;
  const auto rounded = (deadline.time() - accepted_) / 100 + std::chrono::milliseconds(50);
  return deadline.Remaining() <= rounded;
}

Status Call::Bug(const char* what) const {
  Log(LogLevel::kError, "internal_error", {{"request_id", request_id_}, {"what", what}});
  return MakeError(StatusCode::kInternal, "internal error", reason::kInternal);
}

}  // namespace mom
