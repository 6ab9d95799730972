// The server with more requests than it admits.
#include <gmock/gmock.h>

#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/rpc/rpc_fixture.h"

namespace mom::testing {
namespace {

// One request runs, held at a gate; one waits.
class OverloadTest : public RpcTest {
 protected:
  void SetUp() override {
    config_.admission.requests = 1;
    config_.admission.queue = 1;
    config_.admission.wait = std::chrono::hours(1);
  }
  // `text`: bytes of each question beside the usual ones.
  void StartAndFill(std::size_t text = 0) {
    v1::SynthesizeRequest request = AskMixture("a");
    request.mutable_input()->mutable_messages(0)->mutable_content(0)->mutable_text()->append(text,
                                                                                             'x');
    gate_ = MakeGate();
    fake("a").Then(FakeAnswer().Text("Once upon a time. ").Wait(*gate_).Finish());
    fake("a").Always(FakeAnswer().Text("And again.").Finish());
    Start();
    running_ = stub_->SynthesizeStream(&running_context_, Streamed(request));
    WaitUntil([&] { return fake("a").open_calls() == 1; });
    waiting_ = stub_->SynthesizeStream(&waiting_context_, Streamed(request));
    WaitUntil([&] { return admission_->waiting() == 1; });
  }
  static grpc::Status ReadToTheEnd(grpc::ClientReader<v1::SynthesizeStreamResponse>& reader,
                                   bool& completed) {
    v1::SynthesizeStreamResponse event;
    while (reader.Read(&event)) completed = event.has_completed();
    return reader.Finish();
  }

  std::unique_ptr<AsyncEvent> gate_;
  grpc::ClientContext running_context_;
  grpc::ClientContext waiting_context_;
  std::unique_ptr<grpc::ClientReader<v1::SynthesizeStreamResponse>> running_;
  std::unique_ptr<grpc::ClientReader<v1::SynthesizeStreamResponse>> waiting_;
};

TEST_F(OverloadTest, TheWaitingOneRunsNextAndTheThirdIsRefused) {
  StartAndFill();
  SetLogLevel(LogLevel::kInfo);
  ::testing::internal::CaptureStderr();
  grpc::ClientContext context;
  v1::SynthesizeRequest request = AskMixture("a");
  request.set_request_id("the-third");
  v1::SynthesizeResponse response;
  const grpc::Status refused = stub_->Synthesize(&context, request, &response);
  const std::string log = ::testing::internal::GetCapturedStderr();
  SetLogLevel(LogLevel::kError);
  EXPECT_EQ(refused.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(refused), "OVERLOADED");
  EXPECT_EQ(Detail<google::rpc::ErrorInfo>(refused).metadata().at("config_key"),
            "server.max_requests");
  EXPECT_EQ(Detail<google::rpc::RetryInfo>(refused).retry_delay().seconds(), 60);
  for (const char* part : {"\"request_id\":\"the-third\"", "\"code\":\"UNAVAILABLE\"",
                           "\"reason\":\"OVERLOADED\"", "\"config_generation\":7"}) {
    EXPECT_THAT(log, ::testing::HasSubstr(part));
  }

  Open(*gate_);
  for (auto* reader : {&running_, &waiting_}) {
    bool completed = false;
    EXPECT_TRUE(ReadToTheEnd(**reader, completed).ok());
    EXPECT_TRUE(completed);
  }
  EXPECT_EQ(OnLoop([&] { return fake("a").calls().size(); }), 2u);
  WaitUntil([&] { return admission_->running() == 0; });
}

TEST_F(OverloadTest, WhoLeavesWhileItWaitsCostsNoCall) {
  StartAndFill();
  SetLogLevel(LogLevel::kInfo);
  ::testing::internal::CaptureStderr();
  waiting_context_.TryCancel();
  bool completed = false;
  EXPECT_EQ(ReadToTheEnd(*waiting_, completed).error_code(), grpc::CANCELLED);
  WaitUntil([&] { return admission_->waiting() == 0; });
  Open(*gate_);
  EXPECT_TRUE(ReadToTheEnd(*running_, completed).ok());
  Drain().wait();
  server_->Stop();
  const std::string log = ::testing::internal::GetCapturedStderr();
  SetLogLevel(LogLevel::kError);
  EXPECT_THAT(log, ::testing::HasSubstr("\"code\":\"CANCELLED\""));
  EXPECT_EQ(fake("a").calls().size(), 1u);
}

TEST_F(OverloadTest, ItsTimeGoesOnWhileItWaits) {
  StartAndFill();
  waiting_context_.TryCancel();
  WaitUntil([&] { return admission_->waiting() == 0; });
  v1::SynthesizeRequest request = AskMixture("a");
  request.mutable_timeout()->set_nanos(1'000'000);
  grpc::ClientContext context;
  v1::SynthesizeResponse response;
  const grpc::Status status = stub_->Synthesize(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_EQ(ReasonOf(status), "DEADLINE");
  EXPECT_EQ(OnLoop([&] { return fake("a").calls().size(); }), 1u);
  Open(*gate_);
  bool completed = false;
  EXPECT_TRUE(ReadToTheEnd(*running_, completed).ok());
}

TEST_F(OverloadTest, WhatAsksNoModelNeverWaits) {
  StartAndFill();
  const auto health = grpc::health::v1::Health::NewStub(channel_);
  grpc::ClientContext health_context;
  grpc::health::v1::HealthCheckResponse state;
  ASSERT_TRUE(health->Check(&health_context, {}, &state).ok());
  EXPECT_EQ(state.status(), grpc::health::v1::HealthCheckResponse::SERVING);
  grpc::ClientContext list_context;
  v1::ListModelsResponse models;
  EXPECT_TRUE(stub_->ListModels(&list_context, {}, &models).ok());
  // A mistake is told at once, too.
  grpc::ClientContext context;
  v1::SynthesizeResponse response;
  EXPECT_EQ(stub_->Synthesize(&context, {}, &response).error_code(), grpc::INVALID_ARGUMENT);
  Open(*gate_);
  bool completed = false;
  EXPECT_TRUE(ReadToTheEnd(*running_, completed).ok());
}

// The text of a request weighs once for each member, and twice more.
TEST_F(OverloadTest, LongTextsWeigh) {
  config_.admission.requests = 100;
  config_.admission.bytes = 5 << 20;
  StartAndFill(1 << 20);
  Open(*gate_);
  bool completed = false;
  EXPECT_TRUE(ReadToTheEnd(*running_, completed).ok());
  EXPECT_TRUE(ReadToTheEnd(*waiting_, completed).ok());
}

}  // namespace
}  // namespace mom::testing
