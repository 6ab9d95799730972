#include "tests/rpc/rpc_fixture.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

namespace mom::testing {

RpcTest::RpcTest() : pool_(1, HttpClientOptions()) {
  SetLogLevel(LogLevel::kError);
  config_.listen = {"127.0.0.1:0"};
  for (const char* name : {"a", "b", "critic"}) {
    fakes_[name] = std::make_shared<FakeModelClient>(name);
    clients_[name] = fakes_[name];
  }
}

RpcTest::~RpcTest() {
  channel_.reset();
  server_.reset();
}

void RpcTest::Start() {
  engine_ = std::make_unique<Engine>(MakeSnapshot(), observers_);
  admission_ = std::make_unique<Admission>(config_.admission);
  auto server = Server::Start(config_, *engine_, *admission_, *runs_, pool_);
  ASSERT_TRUE(server.ok()) << server.status();
  server_ = *std::move(server);
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  channel_ = grpc::CreateCustomChannel(server_->addresses().front(),
                                       grpc::InsecureChannelCredentials(), arguments);
  stub_ = v1::MomService::NewStub(channel_);
}

std::future<void> RpcTest::Drain() {
  // Shared: whoever waits may go on while the call that ended last still sets it.
  auto drained = std::make_shared<std::promise<void>>();
  server_->Drain([drained] { drained->set_value(); });
  return drained->get_future();
}

std::unique_ptr<AsyncEvent> RpcTest::MakeGate() {
  return std::make_unique<AsyncEvent>(pool_.at(0).inbox().executor());
}

void RpcTest::Open(AsyncEvent& gate) {
  OnLoop([&gate] { gate.Set(); });
}

v1::ChatInput RpcTest::Ask(const std::string& text) {
  v1::ChatInput input;
  v1::Message& message = *input.add_messages();
  message.set_role(v1::ROLE_USER);
  message.add_content()->set_text(text);
  return input;
}

v1::SynthesizeRequest RpcTest::AskMixture(const std::string& model) {
  v1::SynthesizeRequest request;
  request.set_model(model);
  *request.mutable_input() = Ask("What is the time?");
  return request;
}

v1::SynthesizeStreamRequest RpcTest::Streamed(v1::SynthesizeRequest request) {
  v1::SynthesizeStreamRequest out;
  *out.mutable_request() = std::move(request);
  return out;
}

v1::ModelQueryRequest RpcTest::AskModel(const std::string& model) {
  v1::ModelQueryRequest request;
  request.set_model(model);
  *request.mutable_input() = Ask("What is the time?");
  return request;
}

std::string RpcTest::ReasonOf(const grpc::Status& status) {
  return Detail<google::rpc::ErrorInfo>(status).reason();
}

std::string RpcTest::FieldOf(const grpc::Status& status) {
  const auto detail = Detail<google::rpc::BadRequest>(status);
  return detail.field_violations().empty() ? "" : detail.field_violations(0).field();
}

std::shared_ptr<const EngineSnapshot> RpcTest::MakeSnapshot() {
  ModelsConfig models;
  models.providers.emplace_back().name = "fake";
  std::map<std::string, RegisteredModel> registered;
  for (const char* name : {"a", "b", "critic"}) {
    ModelConfig& model = models.models.emplace_back();
    model.name = name;
    model.provider = "fake";
    model.id = std::string("upstream-") + name;
    model.context_window = 100'000'000 * (name[0] - 'a' + 1);
    registered[name] = RegisteredModel{model, clients_[name]};
  }
  MixturesConfig mixtures;
  MixtureConfig& mixture = mixtures.mixtures.emplace_back();
  mixture.name = "mom";
  mixture.members = {"a", "b"};
  mixture.critic = "critic";
  mixture.quorum = 2;
  return std::make_shared<const EngineSnapshot>(EngineSnapshot{
      7, std::chrono::system_clock::now(), models, mixtures, ModelRegistry(std::move(registered))});
}

}  // namespace mom::testing
