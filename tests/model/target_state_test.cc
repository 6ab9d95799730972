#include "service/model/target_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "service/base/reasons.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

Status Failure(const char* reason, std::optional<milliseconds> retry_after = std::nullopt) {
  ErrorInfo info;
  info.reason = reason;
  info.retry_after = retry_after;
  return MakeError(StatusCode::kUnavailable, "scripted", std::move(info));
}

class TargetStateTest : public ::testing::Test {
 protected:
  TargetStateTest() { model_.name = "writer"; }

  // The reason of a refusal; empty: the call is let go, and never ends.
  std::string Refusal() {
    const StatusOr<int> ticket = state_.Admit(model_, now_);
    EXPECT_TRUE(ticket.ok() || IsRefusal(ticket.status()));
    return GetErrorInfo(ticket.status()).reason;
  }
  // A call that is let go and ends so.
  void Call(const Status& status) {
    const StatusOr<int> ticket = state_.Admit(model_, now_);
    ASSERT_TRUE(ticket.ok()) << ticket.status();
    state_.OnEnd(*ticket, status, model_, now_, 0.5);
  }

  ModelConfig model_;
  TargetState state_;
  TargetState::Time now_ = TargetState::Time(seconds(1'000'000));
};

TEST_F(TargetStateTest, EveryReasonCountsAsTheTableSays) {
  struct Row {
    const char* reason;
    int calls;  // until it opens; 0: it does not
  };
  for (const Row& row : {Row{reason::kUpstreamDns, 5},
                         Row{reason::kUpstreamConnect, 5},
                         Row{reason::kUpstreamTls, 5},
                         Row{reason::kUpstreamConnectionLost, 5},
                         Row{reason::kConnectTimeout, 5},
                         Row{reason::kFirstTokenTimeout, 5},
                         Row{reason::kIdleTimeout, 5},
                         Row{reason::kTotalTimeout, 5},
                         Row{reason::kUpstreamOverloaded, 5},
                         Row{reason::kUpstreamError, 5},
                         Row{reason::kUpstreamProtocol, 5},
                         Row{reason::kUpstreamIncomplete, 5},
                         Row{reason::kUpstreamQuota, 1},
                         Row{reason::kUpstreamAuth, 1},
                         Row{reason::kUpstreamModelNotFound, 1},
                         Row{reason::kUpstreamRateLimited, 0},
                         Row{reason::kContextLengthExceeded, 0},
                         Row{reason::kUpstreamBadRequest, 0},
                         Row{reason::kUpstreamTooLarge, 0},
                         Row{reason::kDeadline, 0},
                         Row{reason::kInternal, 0}}) {
    SCOPED_TRACE(row.reason);
    TargetState state;
    int calls = 0;
    for (StatusOr<int> ticket = state.Admit(model_, now_); ticket.ok() && calls < 50;
         ticket = state.Admit(model_, now_)) {
      state.OnEnd(*ticket, Failure(row.reason), model_, now_, 0.5);
      ++calls;
    }
    EXPECT_EQ(calls, row.calls == 0 ? 50 : row.calls);
    if (row.calls == 0) continue;
    const Status refusal = state.Admit(model_, now_).status();
    const ErrorInfo info = GetErrorInfo(refusal);
    EXPECT_EQ(refusal.code(), StatusCode::kUnavailable);
    EXPECT_EQ(info.reason, reason::kTargetOpen);
    EXPECT_EQ(info.metadata.at("cause"), row.reason);
    EXPECT_THAT(MessageOf(refusal), HasSubstr(row.reason));
    EXPECT_EQ(*info.retry_after, row.calls == 5 ? milliseconds(750) : milliseconds(22'500));
  }
}

TEST_F(TargetStateTest, AKeptConnectionThatBreaksSaysNothing) {
  ErrorInfo info;
  info.reason = reason::kUpstreamConnectionLost;
  info.metadata["kept_connection"] = "true";
  for (int i = 0; i < 20; ++i) Call(MakeError(StatusCode::kUnavailable, "lost", info));
  EXPECT_EQ(Refusal(), "");
}

TEST_F(TargetStateTest, ARefusalNamesTheKeyToCheck) {
  ErrorInfo info;
  info.reason = reason::kUpstreamAuth;
  info.metadata["config_key"] = "providers.router.api_key";
  Call(MakeError(StatusCode::kFailedPrecondition, "denied", info));
  const Status refusal = state_.Admit(model_, now_).status();
  EXPECT_EQ(GetErrorInfo(refusal).metadata.at("config_key"), "providers.router.api_key");
  EXPECT_THAT(MessageOf(refusal), HasSubstr("(UPSTREAM_AUTH); check providers.router.api_key"));
}

TEST_F(TargetStateTest, ARefusalSaysWhatToDo) {
  model_.provider = "router";
  for (int i = 0; i < 5; ++i) Call(Failure(reason::kUpstreamError));
  EXPECT_THAT(MessageOf(state_.Admit(model_, now_).status()),
              HasSubstr("(UPSTREAM_ERROR); ask again in 1 s, or ask another model"));
  ErrorInfo info;
  info.reason = reason::kUpstreamQuota;
  info.metadata["config_key"] = "providers.router.api_key";
  now_ += seconds(60);
  Call(MakeError(StatusCode::kUnavailable, "empty", info));
  EXPECT_THAT(MessageOf(state_.Admit(model_, now_).status()),
              HasSubstr("(UPSTREAM_QUOTA); top up the account at provider `router`"));
}

TEST_F(TargetStateTest, ARateLimitSetsATimeBeforeWhichNobodyIsLetGo) {
  Call(Failure(reason::kUpstreamRateLimited, milliseconds(2000)));
  const ErrorInfo info = GetErrorInfo(state_.Admit(model_, now_).status());
  EXPECT_EQ(info.reason, reason::kTargetNotBefore);
  EXPECT_EQ(*info.retry_after, milliseconds(2000));
  EXPECT_FALSE(state_.WouldAdmit(model_, now_ + milliseconds(1999)));
  EXPECT_TRUE(state_.WouldAdmit(model_, now_ + milliseconds(2000)));
  now_ += milliseconds(2000);
  EXPECT_EQ(Refusal(), "");
}

TEST_F(TargetStateTest, TheLatestOfSuchTimesCounts) {
  state_.NotBefore(model_, now_ + seconds(9));
  state_.NotBefore(model_, now_ + seconds(3));
  EXPECT_EQ(GetErrorInfo(state_.Admit(model_, now_).status()).retry_after, seconds(9));
}

TEST_F(TargetStateTest, WithoutABreakerNobodyIsRefused) {
  state_.NotBefore(model_, now_ + seconds(9));
  model_.breaker.failures = 0;
  state_.OnReload(model_);
  EXPECT_EQ(Refusal(), "");
  state_.NotBefore(model_, now_ + seconds(9));
  Call(Failure(reason::kUpstreamRateLimited, milliseconds(2000)));
  Call(Failure(reason::kUpstreamAuth));
  EXPECT_EQ(Refusal(), "");
}

TEST_F(TargetStateTest, WithoutABreakerNobodyIsRefusedForAnothersCalls) {
  ModelConfig other = model_;
  other.breaker.failures = 0;
  Call(Failure(reason::kUpstreamAuth));
  state_.NotBefore(model_, now_ + seconds(9));
  EXPECT_EQ(Refusal(), reason::kTargetNotBefore);
  const StatusOr<int> ticket = state_.Admit(other, now_);
  ASSERT_TRUE(ticket.ok()) << ticket.status();
  state_.OnEnd(*ticket, Failure(reason::kUpstreamAuth), other, now_, 0.5);
  now_ += seconds(9);
  EXPECT_EQ(Refusal(), reason::kTargetOpen);
}

TEST_F(TargetStateTest, AnEmptyAccountThatFillsUpAtAKnownTimeIsOnlyWaitedFor) {
  Call(Failure(reason::kUpstreamQuota, milliseconds(500)));
  EXPECT_EQ(Refusal(), reason::kTargetNotBefore);
  now_ += milliseconds(500);
  EXPECT_EQ(Refusal(), "");
}

TEST_F(TargetStateTest, AFullTargetRefuses) {
  model_.max_concurrent = 2;
  const StatusOr<int> first = state_.Admit(model_, now_);
  const StatusOr<int> second = state_.Admit(model_, now_);
  ASSERT_TRUE(first.ok() && second.ok());
  const ErrorInfo info = GetErrorInfo(state_.Admit(model_, now_).status());
  EXPECT_EQ(info.reason, reason::kTargetBusy);
  EXPECT_EQ(info.metadata.at("config_key"), "models.writer.max_concurrent");
  state_.OnCancel(*first, now_);
  EXPECT_EQ(Refusal(), "");
  EXPECT_EQ(Refusal(), reason::kTargetBusy);
  state_.OnEnd(*second, Status(), model_, now_, 0.5);
  EXPECT_EQ(Refusal(), "");
}

TEST_F(TargetStateTest, WithoutALimitAnyNumberIsLetGo) {
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(Refusal(), "");
}

TEST_F(TargetStateTest, AfterAProbeThatNobodyWaitedForTheNextComesAPauseLater) {
  for (int i = 0; i < 5; ++i) Call(Failure(reason::kUpstreamError));
  now_ += seconds(1);
  const StatusOr<int> probe = state_.Admit(model_, now_);
  ASSERT_TRUE(probe.ok());
  EXPECT_EQ(Refusal(), reason::kTargetOpen);
  state_.OnCancel(*probe, now_);
  EXPECT_EQ(Refusal(), reason::kTargetOpen);
  now_ += seconds(1);
  Call(Failure(reason::kDeadline));
  EXPECT_EQ(Refusal(), reason::kTargetOpen);
  now_ += seconds(1);
  Call(Status());
  EXPECT_EQ(Refusal(), "");
}

TEST_F(TargetStateTest, OfManyThreadsOneGetsTheProbe) {
  for (int i = 0; i < 5; ++i) Call(Failure(reason::kUpstreamError));
  for (int round = 1; round <= 50; ++round) {
    now_ += seconds(31);
    std::atomic<int> probes = 0;
    std::atomic<int> ticket = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        const StatusOr<int> mine = state_.Admit(model_, now_);
        if (mine.ok()) ++probes, ticket = *mine;
      });
    }
    for (std::thread& thread : threads) thread.join();
    ASSERT_EQ(probes, 1);
    state_.OnEnd(ticket, Failure(reason::kUpstreamError), model_, now_, 0.5);
  }
}

}  // namespace
}  // namespace mom
