// A server in the test's process, over models that answer by script.
#ifndef MOM_TESTS_RPC_RPC_FIXTURE_H_
#define MOM_TESTS_RPC_RPC_FIXTURE_H_

#include <grpcpp/channel.h>
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
  RpcTest();
  ~RpcTest() override;

  FakeModelClient& fake(const std::string& name) { return *fakes_.at(name); }
  // Puts another client in the place of a fake. Before Start().
  void SetClient(const std::string& name, std::shared_ptr<ModelClient> client) {
    clients_.at(name) = std::move(client);
  }

  void Start();

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
  std::future<void> Drain();

  std::unique_ptr<AsyncEvent> MakeGate();
  void Open(AsyncEvent& gate);

  static v1::ChatInput Ask(const std::string& text);
  static v1::SynthesizeRequest AskMixture(const std::string& model = "mom");
  static v1::SynthesizeStreamRequest Streamed(v1::SynthesizeRequest request);
  static v1::ModelQueryRequest AskModel(const std::string& model);

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
  static std::string ReasonOf(const grpc::Status& status);
  static std::string FieldOf(const grpc::Status& status);

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
  std::shared_ptr<const EngineSnapshot> MakeSnapshot();
};

}  // namespace mom::testing

#endif  // MOM_TESTS_RPC_RPC_FIXTURE_H_
