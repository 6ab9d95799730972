// The time limits of HttpModelClient. Where one did not hold, its test would not end.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "service/base/reasons.h"
#include "tests/model/http_model_client_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

class HttpModelClientLimits : public HttpModelClientTest {
 protected:
  void ExpectLimit(FakeReply reply, const char* reason, const std::string& key) {
    const ErrorInfo info = Failure(std::move(reply));
    EXPECT_EQ(info.reason, reason);
    EXPECT_EQ(Row().status.code(), StatusCode::kDeadlineExceeded);
    EXPECT_EQ(info.metadata.at("config_key"), "models.writer.timeouts." + key);
    EXPECT_NE(MessageOf(Row().status).find(key), std::string::npos);
    EXPECT_GT(Row().usage.prompt_tokens, 0) << "the provider may charge for it";
  }
};

TEST_F(HttpModelClientLimits, FirstTokenWhileNoHeadComes) {
  model_.timeouts.first_token = milliseconds(5);
  ExpectLimit(FakeReply::SendHangs(), reason::kFirstTokenTimeout, "first_token");
}

TEST_F(HttpModelClientLimits, FirstTokenWhileOnlyCommentsCome) {
  model_.timeouts.first_token = milliseconds(5);
  ExpectLimit(FakeReply::Sse().Drip(": PROCESSING\n\n"), reason::kFirstTokenTimeout, "first_token");
}

TEST_F(HttpModelClientLimits, FirstTokenWhileEmptyChunksCome) {
  model_.timeouts.first_token = milliseconds(5);
  ExpectLimit(FakeReply::Sse().Drip("data: {\"choices\":[{\"delta\":{\"content\":\"\"}}]}\n\n"),
              reason::kFirstTokenTimeout, "first_token");
}

TEST_F(HttpModelClientLimits, FirstTokenOfAWholeAnswerWhileBlanksCome) {
  model_.timeouts.first_token = milliseconds(5);
  ExpectLimit(FakeReply(200).Header("content-type", "application/json").Drip("\n"),
              reason::kFirstTokenTimeout, "first_token");
}

TEST_F(HttpModelClientLimits, IdleWhileNothingComes) {
  model_.timeouts.idle = milliseconds(5);
  ExpectLimit(FakeReply::Sse().Data(kHel).Hang(), reason::kIdleTimeout, "idle");
}

TEST_F(HttpModelClientLimits, IdleWhileOnlyCommentsOrUsageCome) {
  model_.timeouts.idle = milliseconds(5);
  ExpectLimit(FakeReply::Sse().Data(kHel).Drip(": ka\n\n"), reason::kIdleTimeout, "idle");
  *log_ = FakeAttemptLog();
  ExpectLimit(FakeReply::Sse().Data(kHel).Drip("data: " + std::string(kUsage) + "\n\n"),
              reason::kIdleTimeout, "idle");
}

TEST_F(HttpModelClientLimits, IdleDoesNotCountAgainstWhatIsHereAlready) {
  // As if each delta were taken long after it came.
  model_.timeouts.idle = milliseconds(0);
  EXPECT_TRUE(Ask(FakeReply::Sse().Data(kHel).Data(kLo).Data(kStop)).status.ok());
}

TEST_F(HttpModelClientLimits, TotalThoughTheModelWrites) {
  model_.timeouts.total = milliseconds(5);
  ExpectLimit(FakeReply::Sse().Drip("data: " + std::string(kLo) + "\n\n"), reason::kTotalTimeout,
              "total");
}

TEST_F(HttpModelClientLimits, TheRequestsOwnDeadline) {
  bool has_begun = false;
  // On a busy machine a short one passes before anything was sent.
  for (milliseconds limit(1); !has_begun; limit *= 2) {
    *log_ = FakeAttemptLog();
    http_.Then(FakeReply::Sse().Data(kHel).Hang());
    CallContext context = Context();
    context.deadline = Deadline::After(limit);
    const Collected got = testing::Run(
        Collect(HttpModelClient(provider_, model_, state_).Complete(request_, std::move(context))));
    EXPECT_EQ(GetErrorInfo(got.status).reason, reason::kDeadline);
    EXPECT_THAT(MessageOf(got.status), HasSubstr("raise the client's deadline"));
    has_begun = got.completion.text == "Hel";
  }
  EXPECT_EQ(Row().usage.total_tokens(), 7 + 1);
}

TEST_F(HttpModelClientLimits, ADeadlineThatHasPassedStartsNoAttempt) {
  CallContext context = Context();
  context.deadline = Deadline::After(milliseconds(-1));
  const Collected got = testing::Run(
      Collect(HttpModelClient(provider_, model_, state_).Complete(request_, std::move(context))));
  EXPECT_EQ(GetErrorInfo(got.status).reason, reason::kDeadline);
  EXPECT_EQ(log_->started, 0);
  EXPECT_TRUE(http_.requests().empty());
}

}  // namespace
}  // namespace mom::testing
