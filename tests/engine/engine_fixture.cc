#include "tests/engine/engine_fixture.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <exception>

#include "service/model/guarding_model_client.h"
#include "service/model/retrying_model_client.h"

namespace mom::testing {

asio::awaitable<Status> RecordingSink::Send(Event event, Deadline deadline) {
  if (gone_after_ >= 0 && static_cast<int>(events.size()) >= gone_after_) {
    co_return MakeError(StatusCode::kCancelled, "gone", ErrorInfo());
  }
  const bool is_delta = std::holds_alternative<DeltaEvent>(event);
  events.push_back(std::move(event));
  const bool taken = !is_delta || delta_gate == nullptr || co_await delta_gate->Wait(deadline);
  co_return taken ? Status()
                  : MakeError(StatusCode::kDeadlineExceeded, "not taken", reason::kDeadline);
}

std::string RecordingSink::Text() const {
  std::string text;
  for (const DeltaEvent& event : All<DeltaEvent>()) text += event.delta.text;
  return text;
}

std::shared_ptr<const Answer> RecordingSink::answer() const {
  const auto all = All<CompletedEvent>();
  return all.empty() ? nullptr : all.back().answer;
}

void RecordingObserver::Finished(std::shared_ptr<const RunRecord> record) {
  records.push_back(std::move(record));
}

asio::awaitable<StatusOr<HttpResponse>> NoHttpClient::Send(HttpRequest, Deadline) {
  ADD_FAILURE() << "HTTP in an engine test";
  co_return Status(StatusCode::kInternal, "no HTTP here");
}

EngineTest::EngineTest() {
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

EngineTest::~EngineTest() = default;

FakeAnswer EngineTest::Says(const std::string& text) { return FakeAnswer().Text(text).Finish(); }

void EngineTest::AllMembersSay(const std::string& text) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(text + " " + name));
}

RunRequest EngineTest::Ask(const std::string& text) {
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

RunRequest EngineTest::AskStreaming(const std::string& text) {
  RunRequest request = Ask(text);
  request.streaming = true;
  request.want_progress = true;
  return request;
}

std::shared_ptr<ModelClient> EngineTest::ClientOf(const ModelConfig& model) {
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

Engine& EngineTest::MakeEngine() {
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

Status EngineTest::Run(RunRequest request) {
  MakeEngine();
  const Status status = RunOn(context, engine->Run(std::move(request), http, sink));
  EXPECT_EQ(observer.records.size(), 1u);
  EXPECT_EQ(engine->active_runs(), 0);
  ExpectNothingOpen();
  return status;
}

void EngineTest::Begin(RunRequest request, asio::cancellation_slot slot) {
  asio::co_spawn(context, engine->Run(std::move(request), http, sink),
                 asio::bind_cancellation_slot(slot, [](std::exception_ptr, Status) {}));
  context.poll();
}

void EngineTest::ExpectNothingOpen() {
  for (const auto& [name, client] : clients) EXPECT_EQ(client->open_calls(), 0) << name;
  for (const auto& record : observer.records) EXPECT_EQ(record->open_attempts(), 0);
}

std::string TextOf(const Message& message) {
  std::string text;
  for (const ContentPart& part : message.content) {
    if (const auto* p = std::get_if<TextPart>(&part)) text += p->text;
  }
  return text;
}

}  // namespace mom::testing
