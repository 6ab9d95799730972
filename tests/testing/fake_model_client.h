// A model that answers by a script.
#ifndef MOM_TESTS_TESTING_FAKE_MODEL_CLIENT_H_
#define MOM_TESTS_TESTING_FAKE_MODEL_CLIENT_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <cstddef>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "service/base/async_event.h"
#include "service/base/reasons.h"
#include "service/base/status.h"
#include "service/model/model_client.h"

namespace mom::testing {

// What a FakeModelClient does for one call, step by step:
//   FakeAnswer().Text("Hel").Wait(gate).Text("lo").Finish()
//   FakeAnswer().Text("Hel").Fail(status)
//   FakeAnswer().Hang()
// A script that runs out without Finish() or Fail() breaks off with UPSTREAM_INCOMPLETE.
class FakeAnswer {
 public:
  FakeAnswer& Text(std::string text) {
    ChatDelta delta;
    delta.text = std::move(text);
    return Delta(std::move(delta));
  }
  FakeAnswer& Reasoning(std::string text) {
    ChatDelta delta;
    delta.reasoning = std::move(text);
    return Delta(std::move(delta));
  }
  FakeAnswer& Refusal(std::string text) {
    ChatDelta delta;
    delta.refusal = std::move(text);
    return Delta(std::move(delta));
  }
  FakeAnswer& Call(int index, std::string id, std::string name, std::string arguments_json) {
    ToolCallDelta call;
    call.index = index;
    call.id = std::move(id);
    call.name = std::move(name);
    call.arguments_json = std::move(arguments_json);
    ChatDelta delta;
    delta.tool_calls.push_back(std::move(call));
    return Delta(std::move(delta));
  }
  FakeAnswer& Delta(ChatDelta delta) { return Add(std::move(delta)); }
  // Goes on when the test sets `gate`, which must outlive the call.
  FakeAnswer& Wait(AsyncEvent& gate) { return Add(&gate); }
  // Goes on never: ends by its cancellation or the call's deadline.
  FakeAnswer& Hang() { return Add(Never()); }
  // The answer is complete.
  FakeAnswer& Finish(FinishReason reason = FinishReason::kStop, Usage usage = DefaultUsage()) {
    ChatDelta delta;
    delta.finish_reason = reason;
    delta.usage = usage;
    return Add(std::move(delta)).Add(End());
  }
  FakeAnswer& Fail(Status status) { return Add(std::move(status)); }
  FakeAnswer& Fail(StatusCode code, std::string_view reason) {
    return Fail(MakeError(code, "scripted failure", reason));
  }

  // For "fail at every step" and "cancel at every step": the same script up to `step`.
  std::size_t size() const { return steps_.size(); }
  FakeAnswer FailingAt(std::size_t step, Status status) const {
    return Cut(step).Fail(std::move(status));
  }
  FakeAnswer HangingAt(std::size_t step) const { return Cut(step).Hang(); }

  // 10 tokens in, 5 out.
  static Usage DefaultUsage() {
    Usage usage;
    usage.prompt_tokens = 10;
    usage.completion_tokens = 5;
    return usage;
  }

 private:
  friend class FakeModelClient;
  struct Never {};
  struct End {};
  using Step = std::variant<ChatDelta, AsyncEvent*, Status, Never, End>;

  FakeAnswer& Add(Step step) {
    steps_.push_back(std::move(step));
    return *this;
  }
  FakeAnswer Cut(std::size_t step) const {
    FakeAnswer cut = *this;
    cut.steps_.resize(std::min(step, steps_.size()));
    return cut;
  }

  std::vector<Step> steps_;
};

// One call as the client saw it.
struct FakeCall {
  std::shared_ptr<const ChatRequest> request;
  CallContext context;
  bool started = false;    // Next() was called
  bool ended = false;      // properly or with an error
  bool cancelled = false;  // destroyed after its start and before its end
  int deltas = 0;          // given out so far
  bool open() const { return started && !ended && !cancelled; }
};

// Plays one FakeAnswer a call, in the order of the calls; a call without one fails the test. Like
// the real client it writes one row a call to the context's AttemptLog, from its first Next() on.
// Owner: the test; must outlive its streams. Thread: one loop's only.
class FakeModelClient final : public ModelClient {
 public:
  explicit FakeModelClient(std::string name) : name_(std::move(name)) {}

  // The answer of the next call that has none yet.
  FakeModelClient& Then(FakeAnswer answer) {
    script_.push_back(std::move(answer));
    return *this;
  }
  // The answer of all calls beyond the script.
  FakeModelClient& Always(FakeAnswer answer) {
    always_ = std::move(answer);
    return *this;
  }

  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                        CallContext context) override {
    auto call = std::make_shared<FakeCall>();
    call->request = std::move(request);
    call->context = std::move(context);
    calls_.push_back(call);
    return std::make_unique<Player>(name_, std::move(call), NextAnswer());
  }

  const std::string& name() const { return name_; }
  // In the order of Complete().
  const std::vector<std::shared_ptr<FakeCall>>& calls() const { return calls_; }
  const FakeCall& call(std::size_t index) const { return *calls_.at(index); }
  // Calls that are neither over nor cancelled.
  int open_calls() const {
    int open = 0;
    for (const auto& call : calls_) open += call->open() ? 1 : 0;
    return open;
  }

 private:
  class Player final : public DeltaStream {
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

  FakeAnswer NextAnswer() {
    if (!script_.empty()) {
      FakeAnswer answer = std::move(script_.front());
      script_.pop_front();
      return answer;
    }
    if (always_) return *always_;
    ADD_FAILURE() << "an unexpected call of " << name_;
    return FakeAnswer();
  }

  std::string name_;
  std::deque<FakeAnswer> script_;
  std::optional<FakeAnswer> always_;
  std::vector<std::shared_ptr<FakeCall>> calls_;
};

// What a decorator owns where the test keeps the fake, to look at it. The fake must outlive it.
class WayTo final : public ModelClient {
 public:
  explicit WayTo(ModelClient& client) : client_(client) {}
  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                        CallContext context) override {
    return client_.Complete(std::move(request), std::move(context));
  }

 private:
  ModelClient& client_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_FAKE_MODEL_CLIENT_H_
