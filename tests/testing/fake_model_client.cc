#include "tests/testing/fake_model_client.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>

namespace mom::testing {

FakeAnswer::FakeAnswer() = default;
FakeAnswer::FakeAnswer(const FakeAnswer& other) = default;
FakeAnswer::FakeAnswer(FakeAnswer&& other) noexcept = default;
FakeAnswer& FakeAnswer::operator=(const FakeAnswer& other) = default;
FakeAnswer& FakeAnswer::operator=(FakeAnswer&& other) noexcept = default;
FakeAnswer::~FakeAnswer() = default;

FakeAnswer& FakeAnswer::Text(std::string text) {
  ChatDelta delta;
  delta.text = std::move(text);
  return Delta(std::move(delta));
}

FakeAnswer& FakeAnswer::Reasoning(std::string text) {
  ChatDelta delta;
  delta.reasoning = std::move(text);
  return Delta(std::move(delta));
}

FakeAnswer& FakeAnswer::Refusal(std::string text) {
  ChatDelta delta;
  delta.refusal = std::move(text);
  return Delta(std::move(delta));
}

FakeAnswer& FakeAnswer::Call(int index, std::string id, std::string name,
                             std::string arguments_json) {
  ToolCallDelta call;
  call.index = index;
  call.id = std::move(id);
  call.name = std::move(name);
  call.arguments_json = std::move(arguments_json);
  ChatDelta delta;
  delta.tool_calls.push_back(std::move(call));
  return Delta(std::move(delta));
}

FakeAnswer& FakeAnswer::Delta(ChatDelta delta) { return Add(std::move(delta)); }
FakeAnswer& FakeAnswer::Wait(AsyncEvent& gate) { return Add(&gate); }
FakeAnswer& FakeAnswer::Pause(Deadline::Duration time) { return Add(time); }
FakeAnswer& FakeAnswer::Hang() { return Add(Never()); }

FakeAnswer& FakeAnswer::Finish(FinishReason reason, Usage usage) {
  ChatDelta delta;
  delta.finish_reason = reason;
  delta.usage = usage;
  return Add(std::move(delta)).Add(End());
}

FakeAnswer& FakeAnswer::Fail(Status status) { return Add(std::move(status)); }
FakeAnswer& FakeAnswer::Fail(StatusCode code, std::string_view reason) {
  return Fail(MakeError(code, "scripted failure", reason));
}

std::size_t FakeAnswer::size() const { return steps_.size(); }
FakeAnswer FakeAnswer::FailingAt(std::size_t step, Status status) const {
  return Cut(step).Fail(std::move(status));
}
FakeAnswer FakeAnswer::HangingAt(std::size_t step) const { return Cut(step).Hang(); }

Usage FakeAnswer::DefaultUsage() {
  Usage usage;
  usage.prompt_tokens = 10;
  usage.completion_tokens = 5;
  return usage;
}

FakeAnswer& FakeAnswer::Add(Step step) {
  steps_.push_back(std::move(step));
  return *this;
}

FakeAnswer FakeAnswer::Cut(std::size_t step) const {
  FakeAnswer cut = *this;
  cut.steps_.resize(std::min(step, steps_.size()));
  return cut;
}

class FakeModelClient::Player final : public DeltaStream {
 public:
  Player(std::string model, std::shared_ptr<FakeCall> call, FakeAnswer answer)
      : call_(std::move(call)), answer_(std::move(answer)) {
    attempt_.model = std::move(model);
    attempt_.provider = "fake";
    attempt_.role = call_->context.role;
    attempt_.candidate = call_->context.candidate;
    attempt_.try_number = call_->context.try_number;
  }
  ~Player() override {
    if (!call_->open()) return;
    call_->cancelled = true;
    Record(MakeError(StatusCode::kCancelled, "cancelled", ErrorInfo()));
  }

  asio::awaitable<StatusOr<std::optional<ChatDelta>>> Next() override {
    EXPECT_FALSE(call_->ended) << "Next() after the end";
    Start();
    while (step_ < answer_.steps_.size()) {
      FakeAnswer::Step& step = answer_.steps_[step_];
      if (auto* delta = std::get_if<ChatDelta>(&step)) {
        ++step_;
        ++call_->deltas;
        attempt_.answer.Append(*delta);
        co_return std::optional<ChatDelta>(std::move(*delta));
      }
      if (std::holds_alternative<FakeAnswer::End>(step)) {
        Close(Status());
        co_return std::optional<ChatDelta>();
      }
      if (auto* failure = std::get_if<Status>(&step)) co_return Fail(*failure);
      const bool in_time = co_await Pass(step);
      if (!in_time) {
        co_return Fail(MakeError(StatusCode::kDeadlineExceeded, "too late", reason::kDeadline));
      }
      ++step_;
    }
    co_return Fail(MakeError(StatusCode::kUnavailable, "broke off", reason::kUpstreamIncomplete));
  }

 private:
  void Start() {
    if (call_->started) return;
    call_->started = true;
    attempt_.start_time = std::chrono::system_clock::now();
    if (call_->context.attempts) attempt_.number = call_->context.attempts->Started(attempt_);
  }

  // Waits where the script waits; false: the deadline came first.
  asio::awaitable<bool> Pass(const FakeAnswer::Step& step) {
    if (AsyncEvent* const* gate = std::get_if<AsyncEvent*>(&step)) {
      co_return co_await (*gate)->Wait(call_->context.deadline);
    }
    if (const auto* pause = std::get_if<Deadline::Duration>(&step)) {
      const Deadline until = Deadline::After(*pause);
      co_await SleepUntil(Deadline::Earliest(until, call_->context.deadline));
      co_return until < call_->context.deadline;
    }
    AsyncEvent never(co_await asio::this_coro::executor);
    co_return co_await never.Wait(call_->context.deadline);
  }

  Status Fail(Status status) {
    ErrorInfo info = GetErrorInfo(status);
    info.metadata.emplace("model", attempt_.model);
    info.metadata.emplace("provider", attempt_.provider);
    status = WithErrorInfo(status, info);
    Close(status);
    return status;
  }

  void Close(Status status) {
    call_->ended = true;
    Record(std::move(status));
  }

  void Record(Status status) {
    if (!call_->context.attempts) return;
    attempt_.status = std::move(status);
    attempt_.usage = attempt_.answer.usage;
    attempt_.finish_reason = attempt_.answer.finish_reason;
    attempt_.latency = std::chrono::milliseconds(1);
    call_->context.attempts->Finished(attempt_);
  }

  std::shared_ptr<FakeCall> call_;
  FakeAnswer answer_;
  std::size_t step_ = 0;
  Attempt attempt_;
};

FakeModelClient::FakeModelClient(std::string name) : name_(std::move(name)) {}
FakeModelClient::~FakeModelClient() = default;

FakeModelClient& FakeModelClient::Then(FakeAnswer answer) {
  script_.push_back(std::move(answer));
  return *this;
}

FakeModelClient& FakeModelClient::By(std::function<FakeAnswer(const ChatRequest&)> answer) {
  by_ = std::move(answer);
  return *this;
}

FakeModelClient& FakeModelClient::Always(FakeAnswer answer) {
  always_ = std::move(answer);
  return *this;
}

std::unique_ptr<DeltaStream> FakeModelClient::Complete(std::shared_ptr<const ChatRequest> request,
                                                       CallContext context) {
  auto call = std::make_shared<FakeCall>();
  call->request = std::move(request);
  call->context = std::move(context);
  calls_.push_back(call);
  FakeAnswer answer = NextAnswer(*call->request);
  return std::make_unique<Player>(name_, std::move(call), std::move(answer));
}

int FakeModelClient::open_calls() const {
  int open = 0;
  for (const auto& call : calls_) open += call->open() ? 1 : 0;
  return open;
}

FakeAnswer FakeModelClient::NextAnswer(const ChatRequest& request) {
  if (!script_.empty()) {
    FakeAnswer answer = std::move(script_.front());
    script_.pop_front();
    return answer;
  }
  if (by_) return by_(request);
  if (always_) return *always_;
  ADD_FAILURE() << "an unexpected call of " << name_;
  return FakeAnswer();
}

}  // namespace mom::testing
