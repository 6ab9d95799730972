#include "clients/cli/answer_call.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/support/async_stream.h>
#include <grpcpp/support/async_unary_call.h>

#include <utility>

namespace mom::cli {
namespace {

// Which operation has ended.
enum Tag : std::intptr_t { kStarted, kRead, kFinished };
void* TagOf(Tag tag) { return reinterpret_cast<void*>(tag); }

// What both kinds share: a queue of the call's own, so that one thread can wait for it with a
// deadline.
class QueuedCall : public AnswerCall {
 public:
  QueuedCall(Connection& connection, Interrupts& interrupts)
      : connection_(connection), cancels_(interrupts, context_) {}

  const AnswerEvent& event() const override { return event_; }
  Status status() const override { return connection_.ToStatus(status_); }

 protected:
  // To be called by the destructors of subclasses: operations point into them.
  void Abandon() {
    context_.TryCancel();
    queue_.Shutdown();
    void* tag = nullptr;
    bool ok = false;
    while (queue_.Next(&tag, &ok)) continue;
  }

  Connection& connection_;
  grpc::ClientContext context_;
  Interrupts::Cancels cancels_;
  grpc::CompletionQueue queue_;
  AnswerEvent event_;
  grpc::Status status_;
};

class StreamCall final : public QueuedCall {
 public:
  StreamCall(Connection& connection, Interrupts& interrupts,
             const v1::SynthesizeStreamRequest& request)
      : QueuedCall(connection, interrupts),
        reader_(
            connection.mom().AsyncSynthesizeStream(&context_, request, &queue_, TagOf(kStarted))) {}
  ~StreamCall() override { Abandon(); }

  Next Wait(Clock::time_point deadline) override {
    if (!reading_ && !ended_) reader_->Read(&event_, TagOf(kRead));
    reading_ = true;
    while (true) {
      void* tag = nullptr;
      bool ok = false;
      const auto next = queue_.AsyncNext(&tag, &ok, deadline);
      if (next != grpc::CompletionQueue::GOT_EVENT) return Next::kTime;
      if (tag == TagOf(kFinished)) return Next::kEnd;
      if (tag == TagOf(kStarted)) continue;
      if (ok) {
        reading_ = false;
        return Next::kEvent;
      }
      ended_ = true;
      reader_->Finish(&status_, TagOf(kFinished));
    }
  }

 private:
  std::unique_ptr<grpc::ClientAsyncReader<AnswerEvent>> reader_;
  bool reading_ = false;
  bool ended_ = false;
};

class WholeCall final : public QueuedCall {
 public:
  WholeCall(Connection& connection, Interrupts& interrupts, const v1::SynthesizeRequest& request)
      : QueuedCall(connection, interrupts),
        reader_(connection.mom().AsyncSynthesize(&context_, request, &queue_)) {
    reader_->Finish(event_.mutable_completed(), &status_, TagOf(kFinished));
  }
  ~WholeCall() override { Abandon(); }

  Next Wait(Clock::time_point deadline) override {
    if (given_) return Next::kEnd;
    void* tag = nullptr;
    bool ok = false;
    const auto next = queue_.AsyncNext(&tag, &ok, deadline);
    if (next != grpc::CompletionQueue::GOT_EVENT) return Next::kTime;
    given_ = true;
    return status_.ok() ? Next::kEvent : Next::kEnd;
  }

 private:
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::SynthesizeResponse>> reader_;
  bool given_ = false;
};

}  // namespace

std::unique_ptr<AnswerCall> AnswerCall::Stream(Connection& connection, Interrupts& interrupts,
                                               const v1::SynthesizeStreamRequest& request) {
  return std::make_unique<StreamCall>(connection, interrupts, request);
}

std::unique_ptr<AnswerCall> AnswerCall::Whole(Connection& connection, Interrupts& interrupts,
                                              const v1::SynthesizeRequest& request) {
  return std::make_unique<WholeCall>(connection, interrupts, request);
}

}  // namespace mom::cli
