#include "service/model/guarding_model_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "service/base/reasons.h"
#include "service/model/retrying_model_client.h"
#include "tests/testing/fake_model_client.h"
#include "tests/testing/run.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::FakeAnswer;
using testing::FakeModelClient;
using ::testing::HasSubstr;

// A guarded client of a scripted model, under a clock that the test moves.
class GuardingModelClientTest : public ::testing::Test {
 protected:
  GuardingModelClientTest() {
    config_.name = "writer";
    config_.provider = "router";
  }

  std::unique_ptr<GuardingModelClient> Guard() {
    return std::make_unique<GuardingModelClient>(std::make_unique<testing::WayTo>(model_), config_,
                                                 state_, [this] { return now_; });
  }
  std::unique_ptr<DeltaStream> Stream() {
    return Guard()->Complete(std::make_shared<ChatRequest>(), CallContext());
  }
  Collected Ask() { return testing::Run(Collect(Stream())); }
  std::string ReasonOf(const Collected& got) { return GetErrorInfo(got.status).reason; }

  // The same behind retries without waits.
  Collected AskWithRetries(int attempts) {
    ModelConfig with_retries = config_;
    with_retries.retry = {attempts, milliseconds(0), milliseconds(0)};
    RetryingModelClient client(Guard(), std::move(with_retries), state_);
    CallContext context;
    context.retries_left = std::make_shared<int>(100);
    return testing::Run(Collect(client.Complete(std::make_shared<ChatRequest>(), context)));
  }

  void Open() {
    FakeAnswer broken;
    broken.Fail(StatusCode::kUnavailable, reason::kUpstreamError);
    for (int i = 0; i < config_.breaker.failures; ++i) {
      model_.Then(broken);
      EXPECT_EQ(ReasonOf(Ask()), reason::kUpstreamError);
    }
  }

  ModelConfig config_;
  std::shared_ptr<TargetState> state_ = std::make_shared<TargetState>();
  FakeModelClient model_{"writer"};
  // The retries' own clock is the real one, which this one begins with.
  TargetState::Time now_ = Deadline::Clock::now();
};

TEST_F(GuardingModelClientTest, PassesOnWhatComes) {
  model_.Then(FakeAnswer().Text("Hel").Text("lo").Finish());
  const Collected got = Ask();
  EXPECT_TRUE(got.status.ok());
  EXPECT_EQ(got.completion.text, "Hello");
}

TEST_F(GuardingModelClientTest, ARefusalSaysWhoseAndWhyAndSendsNothing) {
  Open();
  const Collected got = Ask();
  EXPECT_EQ(model_.calls().size(), 5u);
  const ErrorInfo info = GetErrorInfo(got.status);
  EXPECT_EQ(info.reason, reason::kTargetOpen);
  EXPECT_EQ(info.metadata.at("model"), "writer");
  EXPECT_EQ(info.metadata.at("provider"), "router");
  EXPECT_THAT(MessageOf(got.status), HasSubstr("model `writer` at provider `router` is not asked"));
}

TEST_F(GuardingModelClientTest, OneProbeAfterTheOpenTimeAndAllAfterItsSuccess) {
  Open();
  now_ += seconds(1);
  asio::io_context loop;
  AsyncEvent gate(loop.get_executor());
  model_.Then(FakeAnswer().Wait(gate).Text("back").Finish());
  std::string text;
  asio::co_spawn(loop, Collect(Stream()),
                 [&](std::exception_ptr, const Collected& got) { text = got.completion.text; });
  loop.poll();
  EXPECT_EQ(model_.open_calls(), 1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ReasonOf(Ask()), reason::kTargetOpen);
  gate.Set();
  loop.run();
  EXPECT_EQ(text, "back");
  model_.Always(FakeAnswer().Text("again").Finish());
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(Ask().status.ok());
}

TEST_F(GuardingModelClientTest, AStreamThatIsDroppedFreesItsPlace) {
  config_.max_concurrent = 1;
  model_.Always(FakeAnswer().Text("one").Hang());
  asio::io_context loop;
  auto stream = Stream();
  const auto first = testing::RunOn(loop, stream->Next());
  EXPECT_TRUE(first.ok());
  EXPECT_EQ(ReasonOf(Ask()), reason::kTargetBusy);
  stream.reset();
  EXPECT_EQ(model_.open_calls(), 0);
  auto next = Stream();
  EXPECT_TRUE(testing::RunOn(loop, next->Next()).ok());
}

TEST_F(GuardingModelClientTest, AStreamThatIsNotReadTakesNoPlace) {
  config_.max_concurrent = 1;
  const auto idle = Stream();
  model_.Always(FakeAnswer().Text("one").Finish());
  EXPECT_TRUE(Ask().status.ok());
}

TEST_F(GuardingModelClientTest, RetriesEndWhereTheBreakerOpens) {
  model_.Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  config_.breaker.failures = 3;
  EXPECT_EQ(ReasonOf(AskWithRetries(10)), reason::kUpstreamError) << "the last error stands";
  EXPECT_EQ(model_.calls().size(), 3u);
  EXPECT_EQ(ReasonOf(AskWithRetries(10)), reason::kTargetOpen);
  EXPECT_EQ(model_.calls().size(), 3u);
}

TEST_F(GuardingModelClientTest, ARetryThatIsRefusedLeavesTheLastErrorStanding) {
  ErrorInfo info;
  info.reason = reason::kUpstreamRateLimited;
  info.retry_after = milliseconds(1);
  model_.Then(FakeAnswer().Fail(MakeError(StatusCode::kResourceExhausted, "slow down", info)));
  // The retry's time comes, but not for the guard, whose clock stands still.
  EXPECT_EQ(ReasonOf(AskWithRetries(3)), reason::kUpstreamRateLimited);
  EXPECT_EQ(model_.calls().size(), 1u);
  EXPECT_EQ(ReasonOf(Ask()), reason::kTargetNotBefore);
}

TEST_F(GuardingModelClientTest, AfterARateLimitNobodyIsLetGoBeforeTheTimeItNames) {
  ErrorInfo info;
  info.reason = reason::kUpstreamRateLimited;
  info.retry_after = std::chrono::hours(1);
  model_.Then(FakeAnswer().Fail(MakeError(StatusCode::kResourceExhausted, "slow down", info)));
  EXPECT_EQ(ReasonOf(Ask()), reason::kUpstreamRateLimited);
  EXPECT_EQ(ReasonOf(Ask()), reason::kTargetNotBefore);
  now_ += std::chrono::hours(1);
  model_.Then(FakeAnswer().Text("hi").Finish());
  EXPECT_TRUE(Ask().status.ok());
}

}  // namespace
}  // namespace mom
