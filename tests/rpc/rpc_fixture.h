// A server in the test's process, over models that answer by script.
#ifndef MOM_TESTS_RPC_RPC_FIXTURE_H_
#define MOM_TESTS_RPC_RPC_FIXTURE_H_

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "mom/v1/mom_service.grpc.pb.h"
#include "service/base/log.h"
#include "service/engine/engine.h"
#include "service/rpc/request_log.h"
#include "service/rpc/server.h"
#include "tests/testing/fake_model_client.h"

namespace mom::testing {

// Models `a`, `b` and `critic`; the mixture `mom` of a and b with that critic. One loop, so that
// the fakes may be used; scripts are set before the calls, everything else through OnLoop().
class RpcTest : public ::testing::Test {
 protected:
  RpcTest() : pool_(1, HttpClientOptions()) {
    SetLogLevel(LogLevel::kError);
    config_.listen = {"127.0.0.1:0"};
    for (const char* name : {"a", "b", "critic"}) {
      fakes_[name] = std::make_shared<FakeModelClient>(name);
      clients_[name] = fakes_[name];
    }
  }
  ~RpcTest() override {
    channel_.reset();
    server_.reset();
  }

  FakeModelClient& fake(const std::string& name) { return *fakes_.at(name); }
  // Puts another client in the place of a fake. Before Start().
  void SetClient(const std::string& name, std::shared_ptr<ModelClient> client) {
    clients_.at(name) = std::move(client);
  }

  void Start() {
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

  // Runs `work` on the loop and gives what it gives.
  template <typename Work>
  auto OnLoop(Work work) {
    std::packaged_task<decltype(work())()> task(std::move(work));
    auto result = task.get_future();
    asio::post(pool_.at(0).context(), [&task] { task(); });
    return result.get();
  }
  // Comes back when `condition` holds on the loop; the test's own time limit is the only one.
  template <typename Condition>
  void WaitUntil(Condition condition) {
    while (!OnLoop(condition)) {
    }
  }

  // Drains the server. Ready when no call is left.
  std::future<void> Drain() {
    // Shared: whoever waits may go on while the call that ended last still sets it.
    auto drained = std::make_shared<std::promise<void>>();
    server_->Drain([drained] { drained->set_value(); });
    return drained->get_future();
  }

  std::unique_ptr<AsyncEvent> MakeGate() {
    return std::make_unique<AsyncEvent>(pool_.at(0).inbox().executor());
  }
  void Open(AsyncEvent& gate) {
    OnLoop([&gate] { gate.Set(); });
  }

  static v1::ChatInput Ask(const std::string& text) {
    v1::ChatInput input;
    v1::Message& message = *input.add_messages();
    message.set_role(v1::ROLE_USER);
    message.add_content()->set_text(text);
    return input;
  }
  static v1::SynthesizeRequest AskMixture(const std::string& model = "mom") {
    v1::SynthesizeRequest request;
    request.set_model(model);
    *request.mutable_input() = Ask("What is the time?");
    return request;
  }
  static v1::SynthesizeStreamRequest Streamed(v1::SynthesizeRequest request) {
    v1::SynthesizeStreamRequest out;
    *out.mutable_request() = std::move(request);
    return out;
  }
  static v1::ModelQueryRequest AskModel(const std::string& model) {
    v1::ModelQueryRequest request;
    request.set_model(model);
    *request.mutable_input() = Ask("What is the time?");
    return request;
  }

  // The detail of kind T; a default one where there is none.
  template <typename T>
  static T Detail(const grpc::Status& status) {
    google::rpc::Status rpc;
    T detail;
    EXPECT_TRUE(rpc.ParseFromString(status.error_details()));
    EXPECT_EQ(rpc.code(), static_cast<int>(status.error_code()));
    for (const auto& any : rpc.details()) {
      if (any.Is<T>()) any.UnpackTo(&detail);
    }
    return detail;
  }
  static std::string ReasonOf(const grpc::Status& status) {
    return Detail<google::rpc::ErrorInfo>(status).reason();
  }
  static std::string FieldOf(const grpc::Status& status) {
    const auto detail = Detail<google::rpc::BadRequest>(status);
    return detail.field_violations().empty() ? "" : detail.field_violations(0).field();
  }

  ServerConfig config_;
  RequestLog request_log_;
  RunHistory history_{3};
  std::optional<RunArchive> runs_{std::in_place, history_, ""};
  std::vector<RunObserver*> observers_{&request_log_, &history_};  // set before Start()
  std::map<std::string, std::shared_ptr<FakeModelClient>> fakes_;
  std::map<std::string, std::shared_ptr<ModelClient>> clients_;
  std::unique_ptr<Engine> engine_;
  std::unique_ptr<Admission> admission_;
  EventLoopPool pool_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::MomService::Stub> stub_;

 private:
  std::shared_ptr<const EngineSnapshot> MakeSnapshot() {
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
    return std::make_shared<const EngineSnapshot>(
        EngineSnapshot{7, std::chrono::system_clock::now(), models, mixtures,
                       ModelRegistry(std::move(registered))});
  }
};

}  // namespace mom::testing

#endif  // MOM_TESTS_RPC_RPC_FIXTURE_H_
