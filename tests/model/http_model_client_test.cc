#include "service/model/http_model_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "service/base/reasons.h"
#include "tests/model/http_model_client_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::EndsWith;

TEST_F(HttpModelClientTest, StreamsAnAnswer) {
  const Collected got = Ask(Whole().Header("x-request-id", "up-1"));
  ASSERT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.completion.text, "Hello");
  EXPECT_EQ(got.completion.finish_reason, FinishReason::kStop);
  EXPECT_EQ(got.completion.upstream_model, "x-1");
  EXPECT_EQ(got.completion.usage.prompt_tokens, 100);
  EXPECT_EQ(got.completion.usage.cost_nanos_usd, 60 * 1000 + 40 * 500 + 10 * 2000);
  EXPECT_FALSE(got.completion.usage.estimated);
  EXPECT_EQ(http_.ended_bodies(), 1) << "the connection could be used again";

  const Attempt& row = Row();
  EXPECT_TRUE(row.status.ok());
  EXPECT_EQ(row.try_number, 2);
  EXPECT_EQ(row.role, CallRole::kCritic);
  EXPECT_EQ(row.model, "writer");
  EXPECT_EQ(row.provider, "router");
  EXPECT_EQ(row.http_status, 200);
  EXPECT_EQ(row.usage.cost_nanos_usd, got.completion.usage.cost_nanos_usd);
  EXPECT_EQ(row.finish_reason, FinishReason::kStop);
  EXPECT_EQ(row.upstream_request_id, "up-1");
  EXPECT_EQ(row.upstream_model, "x-1");
  EXPECT_TRUE(row.time_to_first_token.has_value());
  EXPECT_TRUE(row.request_body.empty());
  EXPECT_TRUE(row.answer.text.empty());
}

TEST_F(HttpModelClientTest, SendsTheRequest) {
  model_.timeouts.connect = milliseconds(1234);
  Ask(Whole());
  const HttpRequest& sent = http_.requests().at(0);
  EXPECT_EQ(sent.url, "https://h/v1/chat/completions");
  EXPECT_EQ(sent.connect_timeout, milliseconds(1234));
  EXPECT_EQ(sent.ca_file, "");
  EXPECT_FALSE(sent.http2);
  EXPECT_NE(sent.body.find("What is it?"), std::string::npos);
  EXPECT_EQ(sent.headers.back(), (std::pair<std::string, std::string>("x-request-id", "req-7")));
}

TEST_F(HttpModelClientTest, SendsAsTheProviderWantsIt) {
  provider_.ca_file = "/etc/house-ca.pem";
  provider_.http_version = "2";
  Ask(Whole());
  EXPECT_EQ(http_.requests().at(0).ca_file, "/etc/house-ca.pem");
  EXPECT_TRUE(http_.requests().at(0).http2);
}

TEST_F(HttpModelClientTest, CapturesBodiesWhereTheyAreWanted) {
  log_->wants_bodies = true;
  Ask(Whole());
  EXPECT_EQ(Row().request_body, http_.requests().at(0).body);
  EXPECT_EQ(Row().answer.text, "Hello");
  EXPECT_EQ(Row().answer.usage.prompt_tokens, 100);
  EXPECT_EQ(Row().request_body.find("sk-1"), std::string::npos);
}

TEST_F(HttpModelClientTest, NothingHappensBeforeTheFirstNext) {
  { const auto stream = Stream(); }
  EXPECT_EQ(log_->started, 0);
  EXPECT_TRUE(http_.requests().empty());
}

TEST_F(HttpModelClientTest, UsageComesOnceAndLast) {
  http_.Then(FakeReply::Sse()
                 .Data(R"({"choices":[{"delta":{"content":"a"}}],)"
                       R"("usage":{"prompt_tokens":5,"completion_tokens":1}})")
                 .Data(R"({"choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}})")
                 .Data(kStop)
                 .Data("[DONE]"));
  auto stream = Stream();
  std::vector<ChatDelta> deltas;
  auto read = [&]() -> asio::awaitable<int> {
    while (true) {
      auto next = co_await stream->Next();
      if (!next.ok() || !next->has_value()) co_return 0;
      deltas.push_back(std::move(**next));
    }
  };
  testing::Run(read());
  ASSERT_EQ(deltas.size(), 3u);
  EXPECT_FALSE(deltas[0].usage.has_value());
  EXPECT_FALSE(deltas[1].usage.has_value());
  EXPECT_EQ(deltas[2].usage->completion_tokens, 2);
}

TEST_F(HttpModelClientTest, EstimatesUsageThatIsMissingOrZero) {
  const Collected missing = Ask(FakeReply::Sse().Data(kHel).Data(kStop).Data("[DONE]"));
  EXPECT_TRUE(missing.completion.usage.estimated);
  EXPECT_EQ(missing.completion.usage.prompt_tokens, 7);
  EXPECT_EQ(missing.completion.usage.completion_tokens, 1);
  EXPECT_EQ(missing.completion.usage.cost_nanos_usd, 7 * 1000 + 1 * 2000);
  const Collected zero = Ask(FakeReply::Sse().Data(kHel).Data(kStop).Data(
      R"({"choices":[],"usage":{"prompt_tokens":50,"completion_tokens":0}})"));
  EXPECT_TRUE(zero.completion.usage.estimated);
  EXPECT_EQ(zero.completion.usage.prompt_tokens, 50);
  EXPECT_EQ(zero.completion.usage.completion_tokens, 1);
}

TEST_F(HttpModelClientTest, EndsAtTheMarkerThoughTheSocketStaysOpen) {
  const Collected got = Ask(Whole().Hang());
  EXPECT_TRUE(got.status.ok());
  EXPECT_TRUE(Row().status.ok());
  EXPECT_EQ(http_.ended_bodies(), 0) << "such a connection must be closed";
}

TEST_F(HttpModelClientTest, WhoLeavesAfterTheMarkerHasACompleteAnswer) {
  http_.Then(Whole().Hang());
  auto read = [&]() -> asio::awaitable<int> {
    auto stream = Stream();
    std::optional<Usage> usage;
    while (!usage) {
      auto next = co_await stream->Next();
      usage = (*next)->usage;
    }
    co_return 0;
  };
  testing::Run(read());
  EXPECT_TRUE(Row().status.ok());
}

TEST_F(HttpModelClientTest, AProperEndAfterTheFinishReasonIsEnough) {
  EXPECT_TRUE(Ask(FakeReply::Sse().Data(kHel).Data(kStop)).status.ok());
  EXPECT_TRUE(Row().status.ok());
}

TEST_F(HttpModelClientTest, AnEndWithoutFinishReasonIsNone) {
  EXPECT_EQ(Failure(FakeReply::Sse().Data(kHel)).reason, reason::kUpstreamIncomplete);
  EXPECT_EQ(Row().usage.prompt_tokens, 7);
  EXPECT_TRUE(Row().usage.estimated);
}

TEST_F(HttpModelClientTest, HttpErrorsAreToldInOurWords) {
  const Collected got = Ask(FakeReply(401)
                                .Header("content-type", "application/json")
                                .Bytes(R"({"error":{"message":"bad key)")
                                .Bytes(R"( sk-1","code":"invalid_api_key"}})"));
  EXPECT_EQ(MessageOf(got.status),
            "model `writer` at provider `router`: HTTP 401: the provider rejects the key; check "
            "providers.router.api_key");
  EXPECT_EQ(got.status.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorInfo(got.status).metadata["http_status"], "401");
  EXPECT_EQ(Row().http_status, 401);
  EXPECT_EQ(Row().usage.total_tokens(), 0);
  EXPECT_FALSE(Row().usage.cost_nanos_usd.has_value());
}

TEST_F(HttpModelClientTest, NothingFoundIsTheModelsIdOrTheUrlsPath) {
  const char path[] = R"({"error":{"message":"Invalid URL","type":"invalid_request_error"}})";
  Collected got = Ask(FakeReply(404).Bytes(R"({"error":{"code":"model_not_found"}})"));
  EXPECT_EQ(
      MessageOf(got.status),
      "model `writer` at provider `router`: HTTP 404: the provider knows no such model; check "
      "models.writer.id and the path in providers.router.base_url");
  EXPECT_EQ(GetErrorInfo(got.status).metadata["config_key"], "models.writer.id");
  provider_.base_url = "https://h/api";
  got = Ask(FakeReply(404).Bytes(path));
  EXPECT_EQ(MessageOf(got.status),
            "model `writer` at provider `router`: HTTP 404: the provider has no such model, or "
            "nothing under this URL; check providers.router.base_url, which has no /v1 as most "
            "have, and models.writer.id");
  EXPECT_EQ(GetErrorInfo(got.status).metadata["config_key"], "providers.router.base_url");
}

TEST_F(HttpModelClientTest, ARejectedParameterComesWithTheKeyToChange) {
  const auto message = [&](const std::string& param) {
    *log_ = FakeAttemptLog();
    return MessageOf(Ask(FakeReply(400).Bytes(R"({"error":{"param":")" + param + R"("}})")).status);
  };
  const std::string model = "model `writer` at provider `router`: ";
  EXPECT_EQ(message("top_k"), model +
                                  "HTTP 400: the provider does not accept `top_k`; leave it "
                                  "out of the request, or of models.writer");
  EXPECT_EQ(message("max_tokens"), model +
                                       "HTTP 400: the provider does not accept `max_tokens`; "
                                       "check providers.router.max_tokens_field");
  EXPECT_EQ(message(""), model +
                             "HTTP 400: the provider does not accept the request; leave what "
                             "it does not know out of the request, or of models.writer");
}

TEST_F(HttpModelClientTest, WhatIsNotInOurHandsSaysWhatToDoAllTheSame) {
  const auto message = [&](FakeReply reply) {
    *log_ = FakeAttemptLog();
    return MessageOf(Ask(std::move(reply)).status);
  };
  EXPECT_THAT(message(FakeReply(500)),
              EndsWith("HTTP 500: the provider failed; ask again, or look into its log"));
  EXPECT_THAT(message(FakeReply(503)),
              EndsWith("the provider is overloaded; wait, or spread the load over more models"));
  EXPECT_THAT(message(FakeReply(429)),
              EndsWith("asks to slow down; wait, or spread the load over more models"));
  EXPECT_THAT(message(FakeReply(402)), EndsWith("top up the account of providers.router.api_key"));
  EXPECT_THAT(message(FakeReply::Sse().Data(kHel)), EndsWith("the answer broke off; ask again"));
}

TEST_F(HttpModelClientTest, AnErrorWhoseBodyBreaksIsStillThatError) {
  EXPECT_EQ(Failure(FakeReply(503).Header("retry-after", "2").Break()).retry_after,
            milliseconds(2000));
}

TEST_F(HttpModelClientTest, ALimitThatASuccessUsesUpHoldsTheNextCallsBack) {
  FakeReply reply = Whole();
  reply.Header("x-ratelimit-remaining-requests", "0").Header("x-ratelimit-reset-requests", "20m");
  EXPECT_TRUE(Ask(std::move(reply)).status.ok());
  const Deadline::Clock::time_point now = Deadline::Clock::now();
  EXPECT_FALSE(state_->WouldAdmit(model_, now));
  EXPECT_TRUE(state_->WouldAdmit(model_, now + std::chrono::minutes(20)));
}

TEST_F(HttpModelClientTest, AnAnswerWithoutThemHoldsNothingBack) {
  FakeReply reply = Whole();
  reply.Header("retry-after", "9").Header("x-ratelimit-remaining-requests", "1");
  EXPECT_TRUE(Ask(std::move(reply)).status.ok());
  EXPECT_TRUE(state_->WouldAdmit(model_, Deadline::Clock::now()));
}

TEST_F(HttpModelClientTest, ARedirectIsAnError) {
  const ErrorInfo info = Failure(FakeReply(302).Header("location", "https://evil/"));
  EXPECT_EQ(info.reason, reason::kUpstreamProtocol);
  EXPECT_EQ(info.metadata.at("config_key"), "providers.router.base_url");
}

TEST_F(HttpModelClientTest, APageIsNoAnswer) {
  const ErrorInfo info =
      Failure(FakeReply(200).Header("content-type", "text/html; charset=utf-8").Bytes("<html>"));
  EXPECT_EQ(info.reason, reason::kUpstreamProtocol);
}

TEST_F(HttpModelClientTest, TakesAWholeAnswer) {
  const Collected got = Ask(
      FakeReply(200)
          .Header("content-type", "Application/JSON; charset=utf-8")
          .Bytes(R"({"choices":[{"message":{"content":"hi"},)")
          .Bytes(
              R"("finish_reason":"length"}],"usage":{"prompt_tokens":3,"completion_tokens":1}})"));
  ASSERT_TRUE(got.status.ok()) << got.status;
  EXPECT_EQ(got.completion.text, "hi");
  EXPECT_EQ(got.completion.finish_reason, FinishReason::kLength);
  EXPECT_EQ(got.completion.usage.cost_nanos_usd, 3 * 1000 + 2000);
  EXPECT_EQ(Row().usage.prompt_tokens, 3);
}

TEST_F(HttpModelClientTest, AnErrorInsideASuccessCostsNothingBeforeTheFirstToken) {
  const ErrorInfo info = Failure(FakeReply(200)
                                     .Header("content-type", "application/json")
                                     .Bytes(R"({"error":{"code":402,"message":"pay"}})"));
  EXPECT_EQ(info.reason, reason::kUpstreamQuota);
  EXPECT_EQ(Row().usage.total_tokens(), 0);
}

TEST_F(HttpModelClientTest, AnErrorInsideTheStream) {
  const char error[] = R"({"error":{"type":"overloaded_error"}})";
  EXPECT_EQ(Failure(FakeReply::Sse().Data(error)).reason, reason::kUpstreamOverloaded);
  EXPECT_EQ(Row().usage.total_tokens(), 0);
  Ask(FakeReply::Sse().Data(kHel).Data(error));
  EXPECT_EQ(log_->rows.at(1).usage.total_tokens(), 7 + 1);
}

TEST_F(HttpModelClientTest, AnEventOutOfAllProportion) {
  EXPECT_EQ(Failure(FakeReply::Sse().Bytes("data: " + std::string(2 << 20, 'x'))).reason,
            reason::kUpstreamTooLarge);
}

TEST_F(HttpModelClientTest, WhatNeverReachedTheProviderCostsNothing) {
  const auto fails = [&](const char* reason, StatusCode code) {
    *log_ = FakeAttemptLog();
    const ErrorInfo info = Failure(FakeReply::SendFails(MakeError(code, "x", reason)));
    EXPECT_EQ(info.reason, reason);
    const auto key = info.metadata.find("config_key");
    EXPECT_EQ(Row().http_status, 0);
    return std::make_pair(key == info.metadata.end() ? "" : key->second,
                          Row().usage.total_tokens() > 0);
  };
  using Result = std::pair<std::string, bool>;
  EXPECT_EQ(fails(reason::kUpstreamDns, StatusCode::kUnavailable),
            Result("providers.router.base_url", false));
  EXPECT_EQ(fails(reason::kUpstreamConnect, StatusCode::kUnavailable),
            Result("providers.router.base_url", false));
  EXPECT_EQ(fails(reason::kUpstreamTls, StatusCode::kFailedPrecondition),
            Result("providers.router.base_url", false));
  EXPECT_EQ(fails(reason::kConnectTimeout, StatusCode::kDeadlineExceeded),
            Result("models.writer.timeouts.connect", false));
  EXPECT_EQ(fails(reason::kUpstreamConnectionLost, StatusCode::kUnavailable), Result("", true));
}

TEST_F(HttpModelClientTest, CancelledAtEveryStepItWritesOneRow) {
  const std::vector<std::string> events = {kHel, kLo, kStop, kUsage};
  for (std::size_t step = 0; step <= events.size(); ++step) {
    SCOPED_TRACE(step);
    *log_ = FakeAttemptLog();
    FakeReply reply = FakeReply::Sse();
    for (std::size_t i = 0; i < step; ++i) reply.Data(events[i]);
    AskAndCancel(std::move(reply.Hang()));
    const Attempt& row = Row();
    EXPECT_EQ(row.status.code(), StatusCode::kCancelled);
    EXPECT_EQ(row.http_status, 200);
    EXPECT_EQ(row.usage.estimated, step < 4);
    EXPECT_EQ(row.usage.prompt_tokens, step < 4 ? 7 : 100);
    EXPECT_EQ(row.usage.completion_tokens, step == 0 ? 0 : step == 1 ? 1 : step < 4 ? 2 : 10);
    EXPECT_TRUE(row.usage.cost_nanos_usd.has_value());
  }
}

TEST_F(HttpModelClientTest, CancelledBeforeTheHeadItMayHaveBeenBilled) {
  AskAndCancel(FakeReply::SendHangs());
  EXPECT_EQ(Row().status.code(), StatusCode::kCancelled);
  EXPECT_EQ(Row().http_status, 0);
  EXPECT_EQ(Row().usage.prompt_tokens, 7);
}

TEST_F(HttpModelClientTest, CancelledInAnErrorsBodyItCostsNothing) {
  AskAndCancel(FakeReply(500).Bytes("{").Hang());
  EXPECT_EQ(Row().status.code(), StatusCode::kCancelled);
  EXPECT_EQ(Row().usage.total_tokens(), 0);
}

TEST_F(HttpModelClientTest, BrokenAtEveryStepItWritesOneRow) {
  const std::vector<std::string> events = {kHel, kLo, kStop, kUsage};
  for (std::size_t step = 0; step <= events.size(); ++step) {
    SCOPED_TRACE(step);
    *log_ = FakeAttemptLog();
    FakeReply reply = FakeReply::Sse();
    for (std::size_t i = 0; i < step; ++i) reply.Data(events[i]);
    EXPECT_EQ(Failure(std::move(reply.Break())).reason, reason::kUpstreamConnectionLost);
    EXPECT_EQ(Row().usage.prompt_tokens, step < 4 ? 7 : 100);
  }
}

}  // namespace
}  // namespace mom::testing
