// How calls end other than well: errors, cancellation, deadlines, limits, shutdown.
#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>

#include <stdexcept>
#include <thread>

#include "tests/rpc/rpc_fixture.h"

namespace mom::testing {
namespace {

using CallEndTest = RpcTest;

TEST_F(CallEndTest, FailureCarriesItsDetails) {
  ErrorInfo info;
  info.reason = reason::kUpstreamRateLimited;
  info.retry_after = std::chrono::milliseconds(2500);
  info.metadata["http_status"] = "429";
  fake("a").Always(FakeAnswer().Fail(MakeError(StatusCode::kResourceExhausted, "slow down", info)));
  Start();
  grpc::ClientContext context;
  v1::ModelQueryResponse response;
  const grpc::Status status = stub_->ModelQuery(&context, AskModel("a"), &response);
  EXPECT_EQ(status.error_code(), grpc::RESOURCE_EXHAUSTED) << status.error_message();
  const auto error = Detail<google::rpc::ErrorInfo>(status);
  EXPECT_EQ(error.domain(), "mom.v1");
  EXPECT_FALSE(error.reason().empty());
  EXPECT_EQ(Detail<google::rpc::RetryInfo>(status).retry_delay().seconds(), 2);
  EXPECT_EQ(Detail<google::rpc::RetryInfo>(status).retry_delay().nanos(), 500'000'000);
}

TEST_F(CallEndTest, UnknownModelNamesTheField) {
  Start();
  grpc::ClientContext context;
  v1::SynthesizeResponse response;
  const grpc::Status status = stub_->Synthesize(&context, AskMixture("nobody"), &response);
  EXPECT_EQ(status.error_code(), grpc::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), "MODEL_NOT_FOUND");
  EXPECT_EQ(FieldOf(status), "model");
}

TEST_F(CallEndTest, WrongFieldIsNamedOnTheWire) {
  Start();
  v1::SynthesizeRequest request = AskMixture();
  // A value that this version does not know.
  request.mutable_input()->add_messages()->set_role(static_cast<v1::Role>(99));
  grpc::ClientContext unary_context;
  v1::SynthesizeResponse response;
  const grpc::Status unary = stub_->Synthesize(&unary_context, request, &response);
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(request));
  v1::SynthesizeStreamResponse event;
  EXPECT_FALSE(reader->Read(&event));
  const grpc::Status streamed = reader->Finish();
  for (const grpc::Status& status : {unary, streamed}) {
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT);
    EXPECT_EQ(ReasonOf(status), "INVALID_ARGUMENT");
    EXPECT_EQ(FieldOf(status), "input.messages[1].role");
  }
}

TEST_F(CallEndTest, BytesThatAreNoMessageAreRefused) {
  Start();
  grpc::GenericStub generic(channel_);
  grpc::CompletionQueue queue;
  grpc::ClientContext context;
  grpc::Slice slice("\xff\xff\xff\xff");
  const grpc::ByteBuffer garbage(&slice, 1);
  auto call = generic.PrepareUnaryCall(&context, "/mom.v1.MomService/Synthesize", garbage, &queue);
  grpc::ByteBuffer response;
  grpc::Status status;
  call->StartCall();
  call->Finish(&response, &status, this);
  void* tag = nullptr;
  bool ok = false;
  ASSERT_TRUE(queue.Next(&tag, &ok));
  EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << status.error_message();
  queue.Shutdown();
  while (queue.Next(&tag, &ok)) {
  }
}

TEST_F(CallEndTest, LargeMessagesPassUpToTheLimit) {
  fake("a").Always(FakeAnswer().Text(std::string(5 << 20, 'y')).Finish());
  config_.max_request_bytes = 6 << 20;
  Start();
  v1::ModelQueryRequest request = AskModel("a");
  request.mutable_input()->mutable_messages(0)->mutable_content(0)->set_text(
      std::string(5 << 20, 'x'));
  grpc::ClientContext context;
  v1::ModelQueryResponse response;
  const grpc::Status status = stub_->ModelQuery(&context, request, &response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.message().content(0).text().size(), std::size_t{5 << 20});

  request.mutable_input()->mutable_messages(0)->mutable_content(0)->set_text(
      std::string(7 << 20, 'x'));
  grpc::ClientContext too_large;
  EXPECT_EQ(stub_->ModelQuery(&too_large, request, &response).error_code(),
            grpc::RESOURCE_EXHAUSTED);
}

TEST_F(CallEndTest, CancelMidStreamCancelsTheModelCall) {
  fake("a").Then(FakeAnswer().Text("Once upon a time, there was a gateway. ").Hang());
  Start();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  do {
    ASSERT_TRUE(reader->Read(&event));
  } while (!event.has_delta());
  context.TryCancel();
  while (reader->Read(&event)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::CANCELLED);
  WaitUntil([&] { return fake("a").call(0).cancelled; });
  EXPECT_EQ(OnLoop([&] { return fake("a").open_calls(); }), 0);
}

TEST_F(CallEndTest, CancelOfAUnaryCallCancelsEveryMember) {
  fake("a").Then(FakeAnswer().Hang());
  fake("b").Then(FakeAnswer().Text("b").Hang());
  Start();
  grpc::ClientContext context;
  grpc::Status status;
  std::thread client([&] {
    v1::SynthesizeResponse response;
    status = stub_->Synthesize(&context, AskMixture(), &response);
  });
  WaitUntil([&] { return fake("a").open_calls() == 1 && fake("b").open_calls() == 1; });
  context.TryCancel();
  client.join();
  EXPECT_EQ(status.error_code(), grpc::CANCELLED);
  WaitUntil([&] { return fake("a").call(0).cancelled && fake("b").call(0).cancelled; });
  EXPECT_TRUE(OnLoop([&] { return fake("critic").calls().empty(); }));
}

TEST_F(CallEndTest, ClientsDeadlineEndsTheModelCall) {
  fake("a").Then(FakeAnswer().Hang());
  Start();
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
  v1::ModelQueryResponse response;
  const grpc::Status status = stub_->ModelQuery(&context, AskModel("a"), &response);
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED);
  // Where the machine is so slow that the call came too late, there is nothing to end.
  WaitUntil([&] { return fake("a").open_calls() == 0; });
}

// Which the log calls so, and not a client that left: mom-rest's `rest.timeout` is one.
TEST_F(CallEndTest, ClientsDeadlineIsLoggedAsOne) {
  fake("a").Always(FakeAnswer().Hang());
  Start();
  SetLogLevel(LogLevel::kInfo);
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 20; ++i) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(100));
    v1::ModelQueryResponse response;
    const grpc::Status status = stub_->ModelQuery(&context, AskModel("a"), &response);
    EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED);
  }
  Drain().wait();
  server_->Stop();
  WaitUntil([&] { return fake("a").open_calls() == 0; });  // the log lines are written by then
  const std::string log = ::testing::internal::GetCapturedStderr();
  SetLogLevel(LogLevel::kError);
  EXPECT_THAT(log, ::testing::HasSubstr("\"reason\":\"DEADLINE\""));
  EXPECT_THAT(log, ::testing::Not(::testing::HasSubstr("CANCELLED")));
}

TEST_F(CallEndTest, TimeoutOfTheRequestIsADeadline) {
  fake("a").Then(FakeAnswer().Hang());
  Start();
  v1::ModelQueryRequest request = AskModel("a");
  request.mutable_timeout()->set_nanos(20'000'000);
  grpc::ClientContext context;
  v1::ModelQueryResponse response;
  const grpc::Status status = stub_->ModelQuery(&context, request, &response);
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED);
  EXPECT_EQ(ReasonOf(status), "DEADLINE");
}

TEST_F(CallEndTest, HeartbeatsFillTheSilence) {
  config_.heartbeat = std::chrono::milliseconds(1);
  const auto gate = MakeGate();
  fake("a").Then(FakeAnswer().Wait(*gate).Text("at last").Finish());
  Start();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  std::uint64_t sequence = 0;
  int heartbeats = 0;
  while (reader->Read(&event)) {
    EXPECT_EQ(event.sequence(), ++sequence);
    if (event.has_heartbeat() && ++heartbeats == 3) Open(*gate);
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_GE(heartbeats, 3);
  EXPECT_TRUE(event.has_completed());
  EXPECT_EQ(event.completed().message().content(0).text(), "at last");
}

// A bug in a translator, say.
class ThrowingClient final : public ModelClient {
 public:
  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest>, CallContext) override {
    throw std::logic_error("a bug");
  }
};

TEST_F(CallEndTest, ABugFailsItsOwnCallOnly) {
  SetClient("a", std::make_shared<ThrowingClient>());
  fake("b").Always(FakeAnswer().Text("fine").Finish());
  Start();
  ::testing::internal::CaptureStderr();
  grpc::ClientContext context;
  v1::ModelQueryRequest request = AskModel("a");
  request.set_request_id("the-bug");
  v1::ModelQueryResponse response;
  const grpc::Status status = stub_->ModelQuery(&context, request, &response);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(status.error_code(), grpc::INTERNAL);
  EXPECT_EQ(ReasonOf(status), "INTERNAL");
  EXPECT_THAT(log, ::testing::HasSubstr("the-bug"));
  grpc::ClientContext next;
  EXPECT_TRUE(stub_->ModelQuery(&next, AskModel("b"), &response).ok());
}

TEST_F(CallEndTest, DrainLetsRequestsEndAndRefusesNewOnes) {
  const auto gate = MakeGate();
  fake("a").Then(FakeAnswer().Text("Once upon a time, there was a gateway. ").Wait(*gate).Finish());
  Start();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  ASSERT_TRUE(reader->Read(&event));
  WaitUntil([&] { return fake("a").open_calls() == 1; });
  const std::future<void> drained = Drain();

  grpc::ClientContext refused;
  v1::ModelQueryResponse response;
  const grpc::Status status = stub_->ModelQuery(&refused, AskModel("b"), &response);
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "SHUTTING_DOWN");
  EXPECT_EQ(Detail<google::rpc::RetryInfo>(status).retry_delay().seconds(), 1);
  EXPECT_EQ(drained.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  Open(*gate);
  while (reader->Read(&event)) {
  }
  EXPECT_TRUE(reader->Finish().ok());
  EXPECT_TRUE(event.has_completed());
  drained.wait();
  server_->Stop();
}

TEST_F(CallEndTest, StopCutsAnAnswerThatHasBegunAndSaysSo) {
  fake("a").Always(FakeAnswer().Text("Once upon a time, there was a gateway. ").Hang());
  Start();
  SetLogLevel(LogLevel::kInfo);
  ::testing::internal::CaptureStderr();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  do {
    ASSERT_TRUE(reader->Read(&event));
  } while (!event.has_delta());
  server_->Stop();
  WaitUntil([&] { return fake("a").call(0).cancelled; });  // the log line is written by then
  const std::string log = ::testing::internal::GetCapturedStderr();
  SetLogLevel(LogLevel::kError);
  EXPECT_FALSE(reader->Read(&event));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "ANSWER_CUT");
  EXPECT_EQ(Detail<google::rpc::ErrorInfo>(status).metadata().at("cause"), "SHUTTING_DOWN");
  for (const char* part :
       {"\"code\":\"UNAVAILABLE\"", "\"reason\":\"ANSWER_CUT\"", "\"cause\":\"SHUTTING_DOWN\""}) {
    EXPECT_THAT(log, ::testing::HasSubstr(part));
  }
}

TEST_F(CallEndTest, StopCancelsWhatIsUnderWay) {
  fake("a").Always(FakeAnswer().Hang());
  Start();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  ASSERT_TRUE(reader->Read(&event));
  WaitUntil([&] { return fake("a").open_calls() == 1; });
  server_->Stop();
  EXPECT_FALSE(reader->Read(&event));
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(ReasonOf(status), "SHUTTING_DOWN");
  EXPECT_TRUE(OnLoop([&] { return fake("a").call(0).cancelled; }));
}

}  // namespace
}  // namespace mom::testing
