#include "service/model/retrying_model_client.h"

#include <gtest/gtest.h>

#include "service/base/reasons.h"
#include "tests/testing/fake_model_client.h"
#include "tests/testing/run.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using testing::FakeAnswer;
using testing::FakeModelClient;

TEST(BackoffDelay, DoublesUpToTheCapUnderFullJitter) {
  const RetryConfig retry{3, milliseconds(250), milliseconds(8000)};
  EXPECT_EQ(BackoffDelay(retry, 1, 0.0, std::nullopt), milliseconds(0));
  EXPECT_EQ(BackoffDelay(retry, 1, 0.5, std::nullopt), milliseconds(125));
  EXPECT_EQ(BackoffDelay(retry, 2, 0.5, std::nullopt), milliseconds(250));
  EXPECT_EQ(BackoffDelay(retry, 3, 0.5, std::nullopt), milliseconds(500));
  EXPECT_EQ(BackoffDelay(retry, 6, 0.5, std::nullopt), milliseconds(4000));
  EXPECT_EQ(BackoffDelay(retry, 7, 0.5, std::nullopt), milliseconds(4000));
  EXPECT_EQ(BackoffDelay(retry, 5000, 0.5, std::nullopt), milliseconds(4000));
}

TEST(BackoffDelay, IsAtLeastWhatTheProviderAsksFor) {
  const RetryConfig retry{3, milliseconds(250), milliseconds(8000)};
  EXPECT_EQ(BackoffDelay(retry, 1, 0.5, milliseconds(3000)), milliseconds(3000));
  EXPECT_EQ(BackoffDelay(retry, 3, 0.5, milliseconds(10)), milliseconds(500));
  EXPECT_EQ(BackoffDelay(retry, 1, 0.5, milliseconds(60'000)), milliseconds(60'000));
}

// A retrying client around a scripted model, without waits of its own.
class RetryingModelClientTest : public ::testing::Test {
 protected:
  RetryingModelClientTest() { config_.retry = {3, milliseconds(0), milliseconds(0)}; }

  static CallContext Context() {
    CallContext context;
    context.retries_left = std::make_shared<int>(100);
    return context;
  }

  Collected Ask(CallContext context = Context()) { return AskVia(Client(), std::move(context)); }

  RetryingModelClient Client() {
    return RetryingModelClient(std::make_unique<testing::WayTo>(model_), config_, state_);
  }
  static Collected AskVia(RetryingModelClient client, CallContext context = Context()) {
    return testing::Run(
        Collect(client.Complete(std::make_shared<ChatRequest>(), std::move(context))));
  }

  // Which bound kept a call from being tried again; empty: none.
  static std::string BoundOf(const Status& status) {
    return GetErrorInfo(status).metadata["not_tried_again"];
  }

  static Status Overloaded(std::optional<milliseconds> retry_after = std::nullopt) {
    ErrorInfo info;
    info.reason = reason::kUpstreamOverloaded;
    info.retry_after = retry_after;
    return MakeError(StatusCode::kUnavailable, "busy", info);
  }

  ModelConfig config_;
  std::shared_ptr<TargetState> state_ = std::make_shared<TargetState>();
  FakeModelClient model_{"writer"};
};

TEST_F(RetryingModelClientTest, TriesAgainUntilItWorks) {
  model_.Then(FakeAnswer().Fail(Overloaded()))
      .Then(FakeAnswer().Fail(Overloaded(milliseconds(1))))
      .Then(FakeAnswer().Text("hi").Finish());
  const Collected got = Ask();
  EXPECT_TRUE(got.status.ok());
  EXPECT_EQ(got.completion.text, "hi");
  ASSERT_EQ(model_.calls().size(), 3u);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(model_.call(static_cast<std::size_t>(i)).context.try_number, i + 1);
  }
}

TEST_F(RetryingModelClientTest, StopsAfterTheLastAttempt) {
  model_.Then(FakeAnswer().Fail(Overloaded()))
      .Then(FakeAnswer().Fail(Overloaded()))
      .Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  const Status status = Ask().status;
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kUpstreamError);
  EXPECT_EQ(MessageOf(status),
            "scripted failure; not tried again: models.writer.retry.attempts allows 3 in all");
  EXPECT_EQ(BoundOf(status), "retry.attempts");
  EXPECT_EQ(model_.calls().size(), 3u);
}

TEST_F(RetryingModelClientTest, AKeptConnectionThatBreaksIsOnceNoAttempt) {
  ErrorInfo info;
  info.reason = reason::kUpstreamConnectionLost;
  info.metadata["kept_connection"] = "true";
  const Status broke = MakeError(StatusCode::kUnavailable, "broke", std::move(info));
  model_.Then(FakeAnswer().Fail(broke)).Then(FakeAnswer().Fail(broke));
  config_.retry.attempts = 1;
  CallContext context = Context();
  const std::shared_ptr<int> retries_left = context.retries_left;
  EXPECT_EQ(GetErrorInfo(Ask(std::move(context)).status).reason, reason::kUpstreamConnectionLost);
  EXPECT_EQ(model_.calls().size(), 2u);
  EXPECT_EQ(*retries_left, 99);
}

TEST_F(RetryingModelClientTest, NeverRepeatsWhatWillFailAgain) {
  model_.Then(FakeAnswer().Fail(StatusCode::kFailedPrecondition, reason::kUpstreamAuth));
  const Status status = Ask().status;
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kUpstreamAuth);
  EXPECT_EQ(BoundOf(status), "") << "no bound said so";
  EXPECT_EQ(model_.calls().size(), 1u);
}

TEST_F(RetryingModelClientTest, NeverReplaysAfterTheFirstDelta) {
  for (const bool reasoning : {false, true}) {
    FakeAnswer answer;
    reasoning ? answer.Reasoning("a") : answer.Text("a");
    model_.Then(answer.Fail(Overloaded()));
  }
  EXPECT_EQ(Ask().completion.text, "a");
  EXPECT_EQ(Ask().completion.reasoning, "a");
  EXPECT_EQ(model_.calls().size(), 2u);
}

TEST_F(RetryingModelClientTest, GivesUpWhereTheWaitPassesTheDeadline) {
  model_.Then(FakeAnswer().Fail(Overloaded(std::chrono::hours(1))));
  CallContext context = Context();
  context.deadline = Deadline::After(std::chrono::minutes(1));
  const Status status = Ask(std::move(context)).status;
  EXPECT_EQ(GetErrorInfo(status).reason, reason::kUpstreamOverloaded);
  EXPECT_EQ(GetErrorInfo(status).retry_after, std::chrono::hours(1));
  EXPECT_EQ(BoundOf(status), "deadline");
  EXPECT_EQ(model_.calls().size(), 1u);
}

TEST_F(RetryingModelClientTest, GivesUpWhereTheTargetTakesNoCalls) {
  model_.Then(FakeAnswer().Fail(Overloaded()))
      .Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kTargetOpen))
      .Then(FakeAnswer().Fail(Overloaded()));
  const Status refused = Ask().status;
  EXPECT_EQ(GetErrorInfo(refused).reason, reason::kUpstreamOverloaded) << "that is what is wrong";
  EXPECT_EQ(BoundOf(refused), "target");
  state_->NotBefore(ModelConfig(), Deadline::Clock::now() + std::chrono::hours(1));
  EXPECT_EQ(BoundOf(Ask().status), "target");
  EXPECT_EQ(model_.calls().size(), 3u);
}

TEST_F(RetryingModelClientTest, AModelWithoutABreakerIsTriedAgainWhateverItsTargetSays) {
  state_->NotBefore(ModelConfig(), Deadline::Clock::now() + std::chrono::hours(1));
  config_.breaker.failures = 0;
  model_.Then(FakeAnswer().Fail(Overloaded())).Then(FakeAnswer().Text("hi").Finish());
  EXPECT_TRUE(Ask().status.ok());
}

TEST_F(RetryingModelClientTest, ALongWaitIsNotSatOutWhereAnotherModelDoesTheWork) {
  model_.Then(FakeAnswer().Fail(Overloaded(std::chrono::hours(1))));
  CallContext context = Context();
  context.others.can = [] { return true; };
  const Status status = Ask(context).status;
  EXPECT_EQ(BoundOf(status), "other");
  EXPECT_EQ(GetErrorInfo(status).retry_after, std::chrono::hours(1));
  EXPECT_EQ(*context.retries_left, 100);
  EXPECT_EQ(model_.calls().size(), 1u);
}

TEST_F(RetryingModelClientTest, AfterALimitOfTimeAnotherModelDoesTheWork) {
  model_.Always(FakeAnswer().Fail(StatusCode::kDeadlineExceeded, reason::kFirstTokenTimeout));
  CallContext context = Context();
  EXPECT_EQ(BoundOf(Ask(context).status), "retry.attempts");
  context.others.can = [] { return true; };
  EXPECT_EQ(BoundOf(Ask(context).status), "other");
}

TEST_F(RetryingModelClientTest, ALongWaitIsSatOutWhereNoOtherModelCan) {
  model_.Always(FakeAnswer().Fail(Overloaded(milliseconds(1))));
  CallContext context = Context();
  context.others.can = [] { return false; };
  EXPECT_EQ(BoundOf(Ask(context).status), "retry.attempts");
}

TEST_F(RetryingModelClientTest, AWaitAsAnyOtherIsSatOut) {
  config_.retry.base = config_.retry.cap = milliseconds(1);
  CallContext context = Context();
  context.others.can = [] { return true; };
  model_.Then(FakeAnswer().Fail(Overloaded()))
      .Then(FakeAnswer().Fail(Overloaded(milliseconds(1))))
      .Then(FakeAnswer().Text("hi").Finish());
  EXPECT_TRUE(Ask(context).status.ok());
}

TEST_F(RetryingModelClientTest, AFallbackIsAskedAtOnce) {
  model_.Always(FakeAnswer().Fail(Overloaded()));
  CallContext context = Context();
  context.others.fallback = true;
  EXPECT_EQ(BoundOf(Ask(context).status), "other");
  EXPECT_EQ(*context.retries_left, 100);
  EXPECT_EQ(model_.calls().size(), 1u);
}

TEST_F(RetryingModelClientTest, AFallbackWaitsWhileAKeptConnectionIsReplaced) {
  CallContext context = Context();
  context.others.fallback = true;
  ErrorInfo info;
  info.reason = reason::kUpstreamConnectionLost;
  info.metadata["kept_connection"] = "true";
  model_.Then(FakeAnswer().Fail(MakeError(StatusCode::kUnavailable, "broke", std::move(info))))
      .Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamConnect))
      .Then(FakeAnswer().Text("hi").Finish());
  EXPECT_TRUE(Ask(context).status.ok());
}

TEST_F(RetryingModelClientTest, AFallbackWaitsForOneOtherConnection) {
  model_.Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamConnectionLost));
  CallContext context = Context();
  context.others.fallback = true;
  EXPECT_EQ(BoundOf(Ask(context).status), "other");
  EXPECT_EQ(model_.calls().size(), 2u);
}

TEST_F(RetryingModelClientTest, WhatCannotBeReachedIsTriedOnceMore) {
  for (const char* reason : {reason::kUpstreamConnect, reason::kUpstreamDns}) {
    const std::size_t before = model_.calls().size();
    model_.Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason))
        .Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason));
    const Status status = Ask().status;
    EXPECT_EQ(GetErrorInfo(status).reason, reason);
    EXPECT_EQ(BoundOf(status), "connection");
    EXPECT_EQ(model_.calls().size(), before + 2);
  }
}

TEST_F(RetryingModelClientTest, AllCallsOfARequestShareItsRetries) {
  model_.Always(FakeAnswer().Fail(Overloaded()));
  config_.retry.attempts = 10;
  const CallContext context = Context();
  *context.retries_left = 3;
  EXPECT_EQ(BoundOf(Ask(context).status), "request");
  EXPECT_EQ(model_.calls().size(), 1u + 3u);
  EXPECT_FALSE(Ask(context).status.ok());
  EXPECT_EQ(model_.calls().size(), 1u + 3u + 1u) << "the first try is not a retry";
}

TEST_F(RetryingModelClientTest, AllRequestsShareTheModelsBudget) {
  model_.Always(FakeAnswer().Fail(Overloaded()));
  config_.retry.attempts = 10;
  config_.retry.floor = 5;
  const RetryingModelClient client = Client();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(BoundOf(AskVia(client).status), "retry.budget");
  EXPECT_EQ(model_.calls().size(), 3u + 5u);
}

TEST_F(RetryingModelClientTest, ARetryThatCannotBeInTimeCostsNothing) {
  model_.Then(FakeAnswer().Fail(Overloaded(std::chrono::hours(1))));
  CallContext context = Context();
  context.deadline = Deadline::After(std::chrono::minutes(1));
  EXPECT_FALSE(Ask(context).status.ok());
  EXPECT_EQ(*context.retries_left, 100);
}

TEST_F(RetryingModelClientTest, ACancelledWaitStartsNothing) {
  model_.Then(FakeAnswer().Fail(Overloaded(std::chrono::hours(1))));
  RetryingModelClient client = Client();
  asio::io_context loop;
  asio::cancellation_signal signal;
  bool over = false;
  asio::co_spawn(
      loop, Collect(client.Complete(std::make_shared<ChatRequest>(), Context())),
      asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, Collected) {
        over = true;
        EXPECT_THROW(std::rethrow_exception(error), boost::system::system_error);
      }));
  loop.poll();
  ASSERT_EQ(model_.calls().size(), 1u);
  EXPECT_FALSE(over);
  signal.emit(asio::cancellation_type::terminal);
  loop.run();
  EXPECT_TRUE(over);
  EXPECT_EQ(model_.calls().size(), 1u);
}

}  // namespace
}  // namespace mom
