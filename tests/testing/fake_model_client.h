// A model that answers by a script.
#ifndef MOM_TESTS_TESTING_FAKE_MODEL_CLIENT_H_
#define MOM_TESTS_TESTING_FAKE_MODEL_CLIENT_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "service/base/async_event.h"
#include "service/base/deadline.h"
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
  FakeAnswer();
  FakeAnswer(const FakeAnswer& other);
  FakeAnswer(FakeAnswer&& other) noexcept;
  FakeAnswer& operator=(const FakeAnswer& other);
  FakeAnswer& operator=(FakeAnswer&& other) noexcept;
  ~FakeAnswer();

  FakeAnswer& Text(std::string text);
  FakeAnswer& Reasoning(std::string text);
  FakeAnswer& Refusal(std::string text);
  FakeAnswer& Call(int index, std::string id, std::string name, std::string arguments_json);
  FakeAnswer& Delta(ChatDelta delta);
  // Goes on when the test sets `gate`, which must outlive the call.
  FakeAnswer& Wait(AsyncEvent& gate);
  // Goes on after so long.
  FakeAnswer& Pause(Deadline::Duration time);
  // Goes on never: ends by its cancellation or the call's deadline.
  FakeAnswer& Hang();
  // The answer is complete.
  FakeAnswer& Finish(FinishReason reason = FinishReason::kStop, Usage usage = DefaultUsage());
  FakeAnswer& Fail(Status status);
  FakeAnswer& Fail(StatusCode code, std::string_view reason);

  // For "fail at every step" and "cancel at every step": the same script up to `step`.
  std::size_t size() const;
  FakeAnswer FailingAt(std::size_t step, Status status) const;
  FakeAnswer HangingAt(std::size_t step) const;

  // 10 tokens in, 5 out.
  static Usage DefaultUsage();

 private:
  friend class FakeModelClient;
  struct Never {};
  struct End {};
  using Step = std::variant<ChatDelta, AsyncEvent*, Deadline::Duration, Status, Never, End>;

  FakeAnswer& Add(Step step);
  FakeAnswer Cut(std::size_t step) const;

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
  explicit FakeModelClient(std::string name);
  ~FakeModelClient() override;

  // The answer of the next call that has none yet.
  FakeModelClient& Then(FakeAnswer answer);
  // Answers all calls beyond the script by what is asked.
  FakeModelClient& By(std::function<FakeAnswer(const ChatRequest&)> answer);
  // The answer of all calls beyond the script.
  FakeModelClient& Always(FakeAnswer answer);

  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                        CallContext context) override;

  const std::string& name() const { return name_; }
  // In the order of Complete().
  const std::vector<std::shared_ptr<FakeCall>>& calls() const { return calls_; }
  const FakeCall& call(std::size_t index) const { return *calls_.at(index); }
  // Calls that are neither over nor cancelled.
  int open_calls() const;

 private:
  class Player;
  FakeAnswer NextAnswer(const ChatRequest& request);

  std::string name_;
  std::deque<FakeAnswer> script_;
  std::optional<FakeAnswer> always_;
  std::function<FakeAnswer(const ChatRequest&)> by_;
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
