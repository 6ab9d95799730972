#include "service/model/rekeying_model_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/base/reasons.h"
#include "tests/model/http_model_client_fixture.h"
#include "tests/testing/temporary_folder.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;

class RekeyingModelClientTest : public HttpModelClientTest {
 protected:
  RekeyingModelClientTest() {
    provider_.api_key_file = folder_.Write("key", "sk-1\n");
    client_ =
        std::make_unique<RekeyingModelClient>(provider_, [this](const ProviderConfig& provider) {
          return std::make_shared<HttpModelClient>(provider, model_, state_);
        });
  }

  Collected Ask() {
    CallContext context = Context();
    context.retries_left = retries_left_;
    return testing::Run(Collect(client_->Complete(request_, context)));
  }
  // The keys that the provider saw.
  std::vector<std::string> Keys() const {
    std::vector<std::string> keys;
    for (const HttpRequest& request : http_.requests()) {
      for (const auto& [name, value] : request.headers) {
        if (name == "Authorization") keys.push_back(value);
      }
    }
    return keys;
  }

  const TemporaryFolder folder_;
  const std::shared_ptr<int> retries_left_ = std::make_shared<int>(3);
  std::unique_ptr<RekeyingModelClient> client_;
};

TEST_F(RekeyingModelClientTest, ARejectedKeyIsReadAgainAndTheNewOneStays) {
  folder_.Write("key", "sk-2\n");
  http_.Then(FakeReply(401)).Then(Whole()).Then(Whole());
  const Collected got = Ask();
  EXPECT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.completion.text, "Hello");
  EXPECT_TRUE(Ask().status.ok());
  EXPECT_THAT(Keys(), ElementsAre("Bearer sk-1", "Bearer sk-2", "Bearer sk-2"));
  ASSERT_EQ(log_->rows.size(), 3u);
  EXPECT_EQ(GetErrorInfo(log_->rows[0].status).reason, reason::kUpstreamAuth);
  EXPECT_EQ(log_->rows[1].try_number, log_->rows[0].try_number + 1);
}

TEST_F(RekeyingModelClientTest, WithoutANewerKeyTheRejectionStands) {
  for (const char* content : {"sk-1", "", "no key"}) {
    folder_.Write("key", content);
    http_.Then(FakeReply(403));
    EXPECT_EQ(GetErrorInfo(Ask().status).reason, reason::kUpstreamAuth) << content;
  }
  EXPECT_EQ(http_.requests().size(), 3u);
  EXPECT_EQ(*retries_left_, 3);
}

TEST_F(RekeyingModelClientTest, ItIsTriedOnce) {
  folder_.Write("key", "sk-2");
  http_.Then(FakeReply(401)).Then(FakeReply(401));
  EXPECT_EQ(GetErrorInfo(Ask().status).reason, reason::kUpstreamAuth);
  EXPECT_EQ(http_.requests().size(), 2u);
}

TEST_F(RekeyingModelClientTest, TakesNoRetryOfTheRequest) {
  folder_.Write("key", "sk-2");
  *retries_left_ = 0;
  http_.Then(FakeReply(401)).Then(Whole());
  EXPECT_TRUE(Ask().status.ok());
  EXPECT_EQ(*retries_left_, 0);
}

TEST_F(RekeyingModelClientTest, OtherFailuresLeaveTheFileAlone) {
  folder_.Write("key", "sk-2");
  http_.Then(FakeReply(500)).Then(Whole());
  EXPECT_EQ(GetErrorInfo(Ask().status).reason, reason::kUpstreamError);
  EXPECT_TRUE(Ask().status.ok());
  EXPECT_THAT(Keys(), ElementsAre("Bearer sk-1", "Bearer sk-1"));
}

}  // namespace
}  // namespace mom::testing
