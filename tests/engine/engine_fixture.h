// An engine over scripted models, on a loop of the test's own.
#ifndef MOM_TESTS_ENGINE_ENGINE_FIXTURE_H_
#define MOM_TESTS_ENGINE_ENGINE_FIXTURE_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/reasons.h"
#include "service/engine/engine.h"
#include "service/model/guarding_model_client.h"
#include "service/model/retrying_model_client.h"
#include "tests/testing/fake_model_client.h"
#include "tests/testing/run.h"

namespace mom::testing {

// Keeps what it is sent; can be told to be gone.
class RecordingSink final : public EventSink {
 public:
  asio::awaitable<Status> Send(Event event, Deadline deadline) override {
    if (gone_after_ >= 0 && static_cast<int>(events.size()) >= gone_after_) {
      co_return MakeError(StatusCode::kCancelled, "gone", ErrorInfo());
    }
    const bool is_delta = std::holds_alternative<DeltaEvent>(event);
    events.push_back(std::move(event));
    const bool taken = !is_delta || delta_gate == nullptr || co_await delta_gate->Wait(deadline);
    co_return taken ? Status()
                    : MakeError(StatusCode::kDeadlineExceeded, "not taken", reason::kDeadline);
  }
  void GoAfter(int events_sent) { gone_after_ = events_sent; }

  template <typename E>
  std::vector<E> All() const {
    std::vector<E> found;
    for (const Event& event : events) {
      if (const E* e = std::get_if<E>(&event)) found.push_back(*e);
    }
    return found;
  }
  std::string Text() const {
    std::string text;
    for (const DeltaEvent& event : All<DeltaEvent>()) text += event.delta.text;
    return text;
  }
  // Null where the run did not complete.
  std::shared_ptr<const Answer> answer() const {
    const auto all = All<CompletedEvent>();
    return all.empty() ? nullptr : all.back().answer;
  }

  std::vector<Event> events;
  // Where set, a slow client: a delta is taken when the test sets it.
  AsyncEvent* delta_gate = nullptr;

 private:
  int gone_after_ = -1;
};

// Counts the records it is given.
class RecordingObserver final : public RunObserver {
 public:
  void Finished(std::shared_ptr<const RunRecord> record) override {
    records.push_back(std::move(record));
  }
  std::vector<std::shared_ptr<const RunRecord>> records;
};

// No engine test sends HTTP.
class NoHttpClient final : public HttpClient {
 public:
  asio::awaitable<StatusOr<HttpResponse>> Send(HttpRequest, Deadline) override {
    ADD_FAILURE() << "HTTP in an engine test";
    co_return Status(StatusCode::kInternal, "no HTTP here");
  }
};

// Models a, b, c and critic, crit2; the mixture `mom` of a, b, c with both critics.
class EngineTest : public ::testing::Test {
 protected:
  EngineTest() {
    mixture.name = "mom";
    mixture.members = {"a", "b", "c"};
    mixture.critic = "critic";
    mixture.critic_fallbacks = {"crit2"};
    for (const char* name : {"a", "b", "c", "critic", "crit2"}) {
      clients[name] = std::make_shared<FakeModelClient>(name);
      ModelConfig model;
      model.name = name;
      model.provider = "fake";
      models[name] = model;
    }
  }

  FakeModelClient& Model(const std::string& name) { return *clients.at(name); }

  static FakeAnswer Says(const std::string& text) { return FakeAnswer().Text(text).Finish(); }

  void AllMembersSay(const std::string& text) {
    for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(text + " " + name));
  }

  static RunRequest Ask(const std::string& text) {
    auto chat = std::make_shared<ChatRequest>();
    Message message;
    TextPart part;
    part.text = text;
    message.content.emplace_back(part);
    chat->messages.push_back(message);
    RunRequest request;
    request.chat = std::move(chat);
    request.request_id = "req-test";
    return request;
  }

  static RunRequest AskStreaming(const std::string& text) {
    RunRequest request = Ask(text);
    request.streaming = true;
    request.want_progress = true;
    return request;
  }

  // The stack that the registry would make.
  std::shared_ptr<ModelClient> ClientOf(const ModelConfig& model) {
    if (!guarded && !retry) return clients.at(model.name);
    std::unique_ptr<ModelClient> client = std::make_unique<WayTo>(*clients.at(model.name));
    std::shared_ptr<TargetState>& state = states[model.name];
    if (!state) state = std::make_shared<TargetState>();
    if (guarded) {
      client = std::make_unique<GuardingModelClient>(std::move(client), model, state,
                                                     [this] { return now; });
    }
    if (!retry) return client;
    ModelConfig with_retries = model;
    with_retries.retry = *retry;
    return std::make_shared<RetryingModelClient>(std::move(client), std::move(with_retries), state);
  }

  Engine& MakeEngine() {
    auto config = std::make_shared<MixturesConfig>();
    std::map<std::string, RegisteredModel> registered;
    ModelsConfig all;
    ProviderConfig provider;
    provider.name = "fake";
    all.providers.push_back(provider);
    for (const auto& [name, model] : models) {
      RegisteredModel entry;
      entry.config = model;
      entry.client = ClientOf(model);
      entry.state = states[name];
      registered.emplace(name, std::move(entry));
      all.models.push_back(model);
    }
    MixturesConfig mixtures;
    mixtures.mixtures.push_back(mixture);
    auto snapshot = std::make_shared<EngineSnapshot>(EngineSnapshot{
        1, std::chrono::system_clock::now(), all, mixtures, ModelRegistry(std::move(registered))});
    engine = std::make_unique<Engine>(snapshot, std::vector<RunObserver*>{&observer});
    return *engine;
  }

  Status Run(RunRequest request) {
    MakeEngine();
    const Status status = RunOn(context, engine->Run(std::move(request), http, sink));
    EXPECT_EQ(observer.records.size(), 1u);
    EXPECT_EQ(engine->active_runs(), 0);
    ExpectNothingOpen();
    return status;
  }

  // Lets a run of the engine that was made go until it waits.
  void Begin(RunRequest request, asio::cancellation_slot slot = {}) {
    asio::co_spawn(context, engine->Run(std::move(request), http, sink),
                   asio::bind_cancellation_slot(slot, [](std::exception_ptr, Status) {}));
    context.poll();
  }

  void ExpectNothingOpen() {
    for (const auto& [name, client] : clients) EXPECT_EQ(client->open_calls(), 0) << name;
    for (const auto& record : observer.records) EXPECT_EQ(record->open_attempts(), 0);
  }

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

inline std::string TextOf(const Message& message) {
  std::string text;
  for (const ContentPart& part : message.content) {
    if (const auto* p = std::get_if<TextPart>(&part)) text += p->text;
  }
  return text;
}

}  // namespace mom::testing

#endif  // MOM_TESTS_ENGINE_ENGINE_FIXTURE_H_
