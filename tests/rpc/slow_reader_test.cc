// Clients that read slowly, or not at all.
#include <gmock/gmock.h>

#include "tests/rpc/rpc_fixture.h"

namespace mom::testing {
namespace {

class SlowReaderTest : public RpcTest {
 protected:
  static constexpr int kPieces = 400;
  // Together far more than any buffer on the way.
  static const std::string& Piece() {
    static const std::string piece(100 * 1024, 'z');
    return piece;
  }
  static FakeAnswer LongAnswer() {
    FakeAnswer answer;
    for (int i = 0; i < kPieces; ++i) answer.Text(Piece());
    return answer.Finish();
  }

  void WaitUntilCancelled(const std::string& model) {
    WaitUntil([&] { return !fake(model).calls().empty() && fake(model).call(0).cancelled; });
    EXPECT_LT(OnLoop([&] { return fake(model).call(0).deltas; }), kPieces);
  }
};

TEST_F(SlowReaderTest, HoldsItsOwnModelOnly) {
  fake("a").Then(LongAnswer());
  fake("b").Always(FakeAnswer().Text("quick").Finish());
  Start();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  ASSERT_TRUE(reader->Read(&event));
  // While this client does not read, others are served, over the same connection.
  for (int i = 0; i < 50; ++i) {
    grpc::ClientContext other;
    v1::ModelQueryResponse response;
    ASSERT_TRUE(stub_->ModelQuery(&other, AskModel("b"), &response).ok());
  }
  EXPECT_LT(OnLoop([&] { return fake("a").call(0).deltas; }), kPieces);
  std::uint64_t sequence = 1;
  std::size_t bytes = 0;
  while (reader->Read(&event)) {
    EXPECT_EQ(event.sequence(), ++sequence);
    bytes += event.delta().text().size();
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_EQ(bytes, Piece().size() * kPieces);
}

TEST_F(SlowReaderTest, CanBeCancelled) {
  fake("a").Then(LongAnswer());
  Start();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  ASSERT_TRUE(reader->Read(&event));
  WaitUntil([&] { return !fake("a").calls().empty() && fake("a").call(0).deltas > 1; });
  context.TryCancel();
  while (reader->Read(&event)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::CANCELLED);
  WaitUntilCancelled("a");
}

TEST_F(SlowReaderTest, IsWaitedForUntilTheRequestsDeadline) {
  fake("a").Then(LongAnswer());
  Start();
  v1::SynthesizeStreamRequest request = Streamed(AskMixture("a"));
  request.mutable_request()->mutable_timeout()->set_nanos(50'000'000);
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, request);
  v1::SynthesizeStreamResponse event;
  ASSERT_TRUE(reader->Read(&event));
  WaitUntilCancelled("a");
  WaitUntil([&] { return engine_->active_runs() == 0; });
  // It goes on reading: what it finds is the end.
  while (reader->Read(&event)) {
  }
  const grpc::Status status = reader->Finish();
  EXPECT_EQ(status.error_code(), grpc::DEADLINE_EXCEEDED) << status.error_message();
  EXPECT_EQ(ReasonOf(status), "ANSWER_CUT");
  EXPECT_EQ(Detail<google::rpc::ErrorInfo>(status).metadata().at("cause"), "DEADLINE");
}

TEST_F(SlowReaderTest, IsCutOffWhereItTakesNothingForSoLong) {
  config_.slow_reader_timeout = std::chrono::milliseconds(500);
  fake("a").Then(LongAnswer());
  Start();
  SetLogLevel(LogLevel::kInfo);
  ::testing::internal::CaptureStderr();
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, Streamed(AskMixture("a")));
  v1::SynthesizeStreamResponse event;
  ASSERT_TRUE(reader->Read(&event));
  WaitUntilCancelled("a");
  Drain().wait();  // without a read of the client
  server_->Stop();
  EXPECT_THAT(::testing::internal::GetCapturedStderr(), ::testing::HasSubstr("SLOW_READER"));
  while (reader->Read(&event)) {
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::CANCELLED);
}

TEST_F(SlowReaderTest, IsCutOffAtTheVeryEndToo) {
  config_.slow_reader_timeout = std::chrono::milliseconds(500);
  const std::string large(20 << 20, 'z');
  fake("a").Then(FakeAnswer().Text(large).Finish());
  fake("b").Then(FakeAnswer().Text(large).Finish());
  fake("critic").Then(FakeAnswer().Text("They ").Text("agree.").Finish());
  Start();
  // `completed` has the candidates, and is what the client does not take.
  v1::SynthesizeStreamRequest request = Streamed(AskMixture());
  request.mutable_request()->set_include_candidates(true);
  grpc::ClientContext context;
  auto reader = stub_->SynthesizeStream(&context, request);
  v1::SynthesizeStreamResponse event;
  do {
    ASSERT_TRUE(reader->Read(&event));
  } while (!event.has_delta());
  WaitUntil([&] { return engine_->active_runs() == 0; });
  Drain().wait();
  while (reader->Read(&event)) {
    EXPECT_FALSE(event.has_completed());
  }
  EXPECT_EQ(reader->Finish().error_code(), grpc::CANCELLED);
}

}  // namespace
}  // namespace mom::testing
