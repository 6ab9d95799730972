// Reading a stream to its end, and the scripted model that other tests use.
#include <gtest/gtest.h>

#include "tests/testing/fake_model_client.h"
#include "tests/testing/run.h"

namespace mom {
namespace {

using testing::FakeAnswer;
using testing::FakeModelClient;

std::shared_ptr<const ChatRequest> AnyRequest() { return std::make_shared<ChatRequest>(); }

TEST(Collect, AppendsAllPiecesUpToTheEnd) {
  FakeModelClient model("writer");
  model.Then(FakeAnswer().Reasoning("hm").Text("Hel").Text("lo").Finish(FinishReason::kLength));
  const Collected got = testing::Run(Collect(model.Complete(AnyRequest(), CallContext())));
  EXPECT_TRUE(got.status.ok());
  EXPECT_EQ(got.completion.text, "Hello");
  EXPECT_EQ(got.completion.reasoning, "hm");
  EXPECT_EQ(got.completion.finish_reason, FinishReason::kLength);
  EXPECT_EQ(got.completion.usage.prompt_tokens, 10);
  EXPECT_TRUE(got.time_to_first_token.has_value());
  EXPECT_GE(got.latency, *got.time_to_first_token);
  EXPECT_EQ(model.open_calls(), 0);
}

TEST(Collect, KeepsWhatCameBeforeAFailure) {
  FakeModelClient model("writer");
  model.Then(FakeAnswer().Text("Hel").Fail(StatusCode::kUnavailable, reason::kIdleTimeout));
  const Collected got = testing::Run(Collect(model.Complete(AnyRequest(), CallContext())));
  EXPECT_EQ(GetErrorInfo(got.status).reason, reason::kIdleTimeout);
  EXPECT_EQ(got.completion.text, "Hel");
  EXPECT_FALSE(got.completion.finish_reason.has_value());
}

TEST(Collect, WithoutAnyPieceThereIsNoTimeToFirstToken) {
  FakeModelClient model("writer");
  model.Then(FakeAnswer().Finish());
  const Collected got = testing::Run(Collect(model.Complete(AnyRequest(), CallContext())));
  EXPECT_TRUE(got.status.ok());
  EXPECT_FALSE(got.time_to_first_token.has_value());
}

}  // namespace
}  // namespace mom
