#include "service/rpc/event_writer.h"

#include <utility>
#include <variant>

namespace mom {

asio::awaitable<Status> AnswerKeeper::Send(Event event, Deadline) {
  if (auto* completed = std::get_if<CompletedEvent>(&event)) {
    answer_ = std::move(completed->answer);
  }
  co_return Status();
}

EventWriter::EventWriter(StreamCall& call, std::chrono::milliseconds heartbeat, Encode encode)
    : call_(call),
      heartbeat_(heartbeat),
      encode_(std::move(encode)),
      timer_(call.loop().inbox().executor()),
      self_(std::make_shared<EventWriter*>(this)) {
  ArmHeartbeat();
}

asio::awaitable<Status> EventWriter::Send(Event event, Deadline deadline) {
  // A heartbeat may be on its way.
  Status status = co_await call_.Written(deadline);
  if (!status.ok()) co_return status;
  if (std::holds_alternative<CompletedEvent>(event)) {
    self_.reset();  // no heartbeat may follow
    call_.SetLast(*encode_(++sequence_, &event));
    co_return status;
  }
  if (std::holds_alternative<DeltaEvent>(event)) call_.SetAnswerBegun();
  StartWrite(&event);
  co_return co_await call_.Written(deadline);
}

void EventWriter::StartWrite(const Event* event) {
  call_.StartWrite(*encode_(++sequence_, event));
  ArmHeartbeat();
}

void EventWriter::ArmHeartbeat() {
  timer_.expires_after(heartbeat_);
  timer_.async_wait([weak = std::weak_ptr(self_)](const boost::system::error_code& error) {
    const auto self = weak.lock();
    if (error || !self) return;
    EventWriter& writer = **self;
    // A message that the client has not taken yet is sign enough.
    if (writer.call_.writing()) {
      writer.ArmHeartbeat();
    } else {
      writer.StartWrite(nullptr);
    }
  });
}

}  // namespace mom
