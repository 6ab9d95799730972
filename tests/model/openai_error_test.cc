// What HTTP errors and whole answers of the dialect mean, row by row.
#include <gtest/gtest.h>

#include "service/base/reasons.h"
#include "service/model/retrying_model_client.h"
#include "service/model/translator.h"

namespace mom {
namespace {

const Translator& OpenAi() { return *FindTranslator("openai"); }

Status Decode(int http_status, const std::string& body, HttpHeaders headers = {}) {
  HttpResponse head;
  head.status = http_status;
  head.headers = std::move(headers);
  return OpenAi().DecodeError(head, body);
}

std::string Body(const std::string& code, const std::string& message = "secret",
                 const std::string& type = "") {
  return R"({"error":{"message":")" + message + R"(","type":")" + type +
         R"(","param":null,"code":")" + code + R"("}})";
}

struct Row {
  int http_status;
  std::string body;
  StatusCode code;
  const char* reason;
  bool retryable;
};

class OpenAiErrorTable : public ::testing::TestWithParam<Row> {};

TEST_P(OpenAiErrorTable, MapsTheAnswer) {
  const Row& row = GetParam();
  const Status status = Decode(row.http_status, row.body);
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(status.code(), row.code);
  EXPECT_EQ(info.reason, row.reason);
  EXPECT_EQ(IsRetryable(status), row.retryable);
  EXPECT_EQ(info.metadata.at("http_status"), std::to_string(row.http_status));
  EXPECT_EQ(MessageOf(status).find("secret"), std::string::npos) << "a body must not be relayed";
  EXPECT_EQ(MessageOf(status).find("429"), std::string::npos);
}

constexpr StatusCode kBad = StatusCode::kInvalidArgument;
constexpr StatusCode kSetUp = StatusCode::kFailedPrecondition;
constexpr StatusCode kExhausted = StatusCode::kResourceExhausted;
constexpr StatusCode kDown = StatusCode::kUnavailable;

INSTANTIATE_TEST_SUITE_P(
    Rows, OpenAiErrorTable,
    ::testing::Values(
        Row{400, Body("context_length_exceeded"), kBad, reason::kContextLengthExceeded, false},
        Row{400, Body("", "This model's maximum context length is 8192 tokens. secret"), kBad,
            reason::kContextLengthExceeded, false},
        Row{400, R"({"error":{"code":400,"type":"exceed_context_size_error","message":"secret"}})",
            kBad, reason::kContextLengthExceeded, false},
        Row{400, R"({"error":"The context length is secret"})", kBad,
            reason::kContextLengthExceeded, false},
        Row{413, Body("", "prompt is too long"), kBad, reason::kContextLengthExceeded, false},
        Row{500, Body("", "the request exceeds the available context size"), kBad,
            reason::kContextLengthExceeded, false},
        Row{400, Body("invalid_value"), kBad, reason::kUpstreamBadRequest, false},
        Row{400, "", kBad, reason::kUpstreamBadRequest, false},
        Row{400, "<html>secret</html>", kBad, reason::kUpstreamBadRequest, false},
        Row{400, R"({"error":null})", kBad, reason::kUpstreamBadRequest, false},
        Row{400, Body("content_filter"), kBad, reason::kUpstreamBadRequest, false},
        Row{400, Body("invalid_api_key"), kSetUp, reason::kUpstreamAuth, false},
        Row{400, Body("model_not_found"), kSetUp, reason::kUpstreamModelNotFound, false},
        Row{400, Body("", "secret", "rate_limit_error"), kBad, reason::kUpstreamBadRequest, false},
        Row{401, Body("invalid_api_key"), kSetUp, reason::kUpstreamAuth, false},
        Row{402, "", kExhausted, reason::kUpstreamQuota, false},
        Row{403, "<html>", kSetUp, reason::kUpstreamAuth, false},
        Row{403, Body("", "The model requires moderation. Your input was flagged for secret"), kBad,
            reason::kUpstreamBadRequest, false},
        Row{404, Body("model_not_found"), kSetUp, reason::kUpstreamModelNotFound, false},
        Row{405, "", kBad, reason::kUpstreamBadRequest, false},
        Row{408, "", kDown, reason::kUpstreamError, true},
        Row{409, "", kDown, reason::kUpstreamError, true},
        Row{413, "", kBad, reason::kUpstreamBadRequest, false},
        Row{422, "", kBad, reason::kUpstreamBadRequest, false},
        Row{429, Body("rate_limit_exceeded"), kExhausted, reason::kUpstreamRateLimited, true},
        Row{429, "", kExhausted, reason::kUpstreamRateLimited, true},
        Row{429, Body("insufficient_quota"), kExhausted, reason::kUpstreamQuota, false},
        Row{429, Body("", "secret", "insufficient_quota"), kExhausted, reason::kUpstreamQuota,
            false},
        Row{429, Body("credit_balance_exhausted"), kExhausted, reason::kUpstreamQuota, false},
        Row{500, "", kDown, reason::kUpstreamError, true},
        Row{502, "<html>secret</html>", kDown, reason::kUpstreamError, true},
        Row{503, "", kDown, reason::kUpstreamOverloaded, true},
        Row{504, "", kDown, reason::kUpstreamError, true},
        Row{529, Body("overloaded_error"), kDown, reason::kUpstreamOverloaded, true},
        Row{301, "", kSetUp, reason::kUpstreamProtocol, false},
        Row{307, "", kSetUp, reason::kUpstreamProtocol, false}),
    [](const auto& info) {
      return std::to_string(info.index) + "_" + std::to_string(info.param.http_status);
    });

std::string FieldOf(int http_status, const std::string& param) {
  const Status status =
      Decode(http_status, R"({"error":{"message":"secret","param":")" + param + R"("}})");
  EXPECT_EQ(MessageOf(status).find("secret"), std::string::npos);
  const std::string field = GetErrorInfo(status).field;
  EXPECT_EQ(MessageOf(status).find("`" + field + "`") != std::string::npos, !field.empty());
  return field;
}

TEST(OpenAiError, ARejectedParameterIsNamed) {
  for (const char* param : {"temperature", "top_p", "messages.0.content", "tools[12].function"}) {
    EXPECT_EQ(FieldOf(400, param), param);
  }
  EXPECT_EQ(FieldOf(422, "stop"), "stop");
  EXPECT_EQ(FieldOf(401, "temperature"), "");
}

TEST(OpenAiError, WhatMayBeNoParameterIsNotPassedOn) {
  const std::string letters(65, 'a');
  for (const char* param : {"", "sk-secret", "Secret", "secret@example.org", "top p", "a1234",
                            "[0]", "0", "<b>", letters.c_str()}) {
    EXPECT_EQ(FieldOf(400, param), "") << param;
  }
}

TEST(OpenAiError, RetryAfterComesAlong) {
  const Status status = Decode(429, "", {{"retry-after", "3"}});
  EXPECT_EQ(GetErrorInfo(status).retry_after, std::chrono::seconds(3));
  EXPECT_FALSE(GetErrorInfo(Decode(429, "")).retry_after.has_value());
}

TEST(OpenAiError, OtherReasonsThatAreRetriedOrNot) {
  const auto retried = [](const char* reason) {
    return IsRetryable(MakeError(StatusCode::kUnavailable, "", reason));
  };
  EXPECT_TRUE(retried(reason::kUpstreamDns));
  EXPECT_TRUE(retried(reason::kUpstreamConnect));
  EXPECT_TRUE(retried(reason::kUpstreamIncomplete));
  EXPECT_TRUE(retried(reason::kUpstreamConnectionLost));
  EXPECT_TRUE(retried(reason::kConnectTimeout));
  EXPECT_TRUE(retried(reason::kFirstTokenTimeout));
  for (const char* never :
       {reason::kUpstreamTls, reason::kIdleTimeout, reason::kTotalTimeout, reason::kDeadline,
        reason::kUpstreamProtocol, reason::kUpstreamTooLarge, reason::kUnsupportedInput, ""}) {
    EXPECT_FALSE(retried(never)) << never;
  }
}

TEST(OpenAiWhole, GivesTheAnswer) {
  const auto delta = OpenAi().DecodeWhole(
      R"({"id":"c-1","model":"x-1","choices":[{"index":0,"message":{"role":"assistant",)"
      R"("content":"hi","refusal":null},"finish_reason":"stop"}],)"
      R"("usage":{"prompt_tokens":3,"completion_tokens":1}})");
  ASSERT_TRUE(delta.ok());
  EXPECT_EQ(delta->text, "hi");
  EXPECT_EQ(delta->finish_reason, FinishReason::kStop);
  EXPECT_EQ(delta->usage->prompt_tokens, 3);
  EXPECT_EQ(delta->upstream_id, "c-1");
}

TEST(OpenAiWhole, KnowsWhatIsNoAnswer) {
  const auto reason = [](const char* body) {
    return GetErrorInfo(OpenAi().DecodeWhole(body).status()).reason;
  };
  EXPECT_EQ(reason(R"({"error":{"code":429,"message":"x"}})"), reason::kUpstreamRateLimited);
  EXPECT_EQ(reason(R"({"error":"x"})"), reason::kUpstreamError);
  EXPECT_EQ(reason("<html>"), reason::kUpstreamProtocol);
  EXPECT_EQ(reason(""), reason::kUpstreamProtocol);
  EXPECT_EQ(reason("null"), reason::kUpstreamProtocol);
  EXPECT_EQ(reason("{}"), reason::kUpstreamIncomplete);
  EXPECT_EQ(reason(R"({"choices":[]})"), reason::kUpstreamIncomplete);
  EXPECT_EQ(reason(R"({"choices":[7,{"message":{"content":"a"}}]})"), reason::kUpstreamIncomplete);
}

}  // namespace
}  // namespace mom
