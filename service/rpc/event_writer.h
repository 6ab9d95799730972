// The sinks of a run at the rim.
#ifndef MOM_RPC_EVENT_WRITER_H_
#define MOM_RPC_EVENT_WRITER_H_

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

#include "service/engine/event_sink.h"
#include "service/rpc/method_calls.h"

namespace mom {

// Keeps only the end: what a unary RPC answers with.
class AnswerKeeper final : public EventSink {
 public:
  // `call` must outlive it.
  explicit AnswerKeeper(const Call& call) : call_(call) {}
  asio::awaitable<Status> Send(Event event, Deadline deadline) override;
  Status CancelReason() const override { return call_.CancelReason(); }
  // Null until the run has completed.
  const Answer* answer() const { return answer_.get(); }

 private:
  const Call& call_;
  std::shared_ptr<const Answer> answer_;
};

// Writes each event as one message of a stream, numbered 1, 2, 3, ...; `completed` travels with the
// status. After each `heartbeat` of silence it says that the call is alive.
// Owner: the call's root coroutine. Thread: the call's loop. A timer that fires late finds the
// writer gone and does nothing.
class EventWriter final : public EventSink {
 public:
  // Makes the message; a heartbeat where `event` is null.
  using Encode = std::function<std::unique_ptr<google::protobuf::Message>(std::uint64_t sequence,
                                                                          const Event* event)>;
  EventWriter(StreamCall& call, std::chrono::milliseconds heartbeat, Encode encode);

  asio::awaitable<Status> Send(Event event, Deadline deadline) override;
  Status CancelReason() const override { return call_.CancelReason(); }

 private:
  void StartWrite(const Event* event);
  void ArmHeartbeat();

  StreamCall& call_;
  const std::chrono::milliseconds heartbeat_;
  const Encode encode_;
  std::uint64_t sequence_ = 0;
  asio::steady_timer timer_;
  std::shared_ptr<EventWriter*> self_;  // what a timer holds weakly
};

}  // namespace mom

#endif  // MOM_RPC_EVENT_WRITER_H_
