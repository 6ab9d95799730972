// An engine over scripted models, on a loop of the test's own.
#ifndef MOM_TESTS_ENGINE_ENGINE_FIXTURE_H_
#define MOM_TESTS_ENGINE_ENGINE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/reasons.h"
#include "service/engine/engine.h"
#include "tests/testing/fake_model_client.h"
#include "tests/testing/run.h"

namespace mom::testing {

// Keeps what it is sent; can be told to be gone.
class RecordingSink final : public EventSink {
 public:
  asio::awaitable<Status> Send(Event event, Deadline deadline) override;
  void GoAfter(int events_sent) { gone_after_ = events_sent; }

  template <typename E>
  std::vector<E> All() const {
    std::vector<E> found;
    for (const Event& event : events) {
      if (const E* e = std::get_if<E>(&event)) found.push_back(*e);
    }
    return found;
  }
  std::string Text() const;
  // Null where the run did not complete.
  std::shared_ptr<const Answer> answer() const;

  std::vector<Event> events;
  // Where set, a slow client: a delta is taken when the test sets it.
  AsyncEvent* delta_gate = nullptr;

 private:
  int gone_after_ = -1;
};

// Counts the records it is given.
class RecordingObserver final : public RunObserver {
 public:
  void Finished(std::shared_ptr<const RunRecord> record) override;
  std::vector<std::shared_ptr<const RunRecord>> records;
};

// No engine test sends HTTP.
class NoHttpClient final : public HttpClient {
 public:
  asio::awaitable<StatusOr<HttpResponse>> Send(HttpRequest, Deadline) override;
};

// Models a, b, c and critic, crit2; the mixture `mom` of a, b, c with both critics.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest();
  ~EngineTest() override;

  FakeModelClient& Model(const std::string& name) { return *clients.at(name); }

  static FakeAnswer Says(const std::string& text);

  void AllMembersSay(const std::string& text);

  static RunRequest Ask(const std::string& text);
  static RunRequest AskStreaming(const std::string& text);

  // The stack that the registry would make.
  std::shared_ptr<ModelClient> ClientOf(const ModelConfig& model);

  Engine& MakeEngine();

  Status Run(RunRequest request);

  // Lets a run of the engine that was made go until it waits.
  void Begin(RunRequest request, asio::cancellation_slot slot = {});

  void ExpectNothingOpen();

  asio::io_context context;
  MixtureConfig mixture;
  std::map<std::string, ModelConfig> models;
  std::map<std::string, std::shared_ptr<FakeModelClient>> clients;
  std::optional<RetryConfig> retry;  // unset: failures are final
  bool guarded = false;              // whether targets can refuse, by the clock `now`
  TargetState::Time now{std::chrono::hours(1000)};
  std::map<std::string, std::shared_ptr<TargetState>> states;  // by model, over all runs
  RecordingObserver observer;
  RecordingSink sink;
  NoHttpClient http;
  std::unique_ptr<Engine> engine;
};

std::string TextOf(const Message& message);

}  // namespace mom::testing

#endif  // MOM_TESTS_ENGINE_ENGINE_FIXTURE_H_
