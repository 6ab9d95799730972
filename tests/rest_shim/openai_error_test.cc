// The table of errors, row by row, through the whole shim.
#include "rest_shim/openai_error.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "service/base/reasons.h"
#include "tests/rest_shim/shim_fixture.h"
#include "tests/testing/source_path.h"

namespace mom::testing {
namespace {

struct Row {
  StatusCode code;
  const char* reason;  // "": no details at all
  int status;
  const char* type;
  const char* error_code;  // "null": none
  const char* retry_after;
  const char* should_retry;
};

class ErrorTable : public ShimTest, public ::testing::WithParamInterface<Row> {};

TEST_P(ErrorTable, R32R35) {
  const Row& row = GetParam();
  service_.unary = [&](UnaryScript&) {
    if (*row.reason != '\0') return RpcFailure(row.code, "what happened", row.reason);
    return grpc::Status(static_cast<grpc::StatusCode>(row.code), "rate limit 429 at 10.0.0.7:443");
  };
  const RawResponse response = Post(kHello);
  EXPECT_EQ(response.status, row.status) << response.body;
  EXPECT_EQ(response.Header("content-type"), "application/json");
  EXPECT_NE(response.Header("x-request-id"), "");
  EXPECT_EQ(response.Header("retry-after"), row.retry_after);
  EXPECT_EQ(response.Header("x-should-retry"), row.should_retry);
  const Json body(response.body);
  EXPECT_EQ(body.Text("/error/type"), row.type);
  EXPECT_EQ(body.At("/error/code"), std::string(row.error_code) == "null"
                                        ? "null"
                                        : "\"" + std::string(row.error_code) + "\"");
  EXPECT_NE(body.Text("/error/message"), "");
  EXPECT_NE(body.At("/error/param"), "");
  EXPECT_EQ(response.body.find("10.0.0.7"), std::string::npos) << "gRPC's own text got out";
  if (row.status != 429) {  // R34
    EXPECT_EQ(response.body.find("rate limit"), std::string::npos) << response.body;
    EXPECT_EQ(response.body.find("429"), std::string::npos) << response.body;
  }
}

using enum absl::StatusCode;
using rest::ApiError;
using rest::ApiErrorOf;
using rest::ErrorJson;
using rest::ErrorResponse;

constexpr char kInvalid[] = "invalid_request_error";

INSTANTIATE_TEST_SUITE_P(
    ByReason, ErrorTable,
    ::testing::Values(
        Row{kInvalidArgument, reason::kInvalidArgument, 400, kInvalid, "invalid_value", "", ""},
        Row{kInvalidArgument, reason::kUnsupportedInput, 400, kInvalid, "invalid_value", "", ""},
        Row{kInvalidArgument, reason::kContextLengthExceeded, 400, kInvalid,
            "context_length_exceeded", "", ""},
        Row{kNotFound, reason::kModelNotFound, 404, kInvalid, "model_not_found", "", ""},
        Row{kResourceExhausted, reason::kOverloaded, 429, "rate_limit_error", "rate_limit_exceeded",
            "3", ""},
        Row{kResourceExhausted, reason::kUpstreamRateLimited, 429, "rate_limit_error",
            "rate_limit_exceeded", "3", ""},
        Row{kResourceExhausted, reason::kUpstreamQuota, 429, "insufficient_quota",
            "insufficient_quota", "", "false"},
        Row{kInternal, reason::kInternal, 500, "server_error", "null", "", "false"},
        Row{kUnavailable, reason::kAllMembersFailed, 502, "server_error", "upstream_error", "",
            "false"},
        Row{kFailedPrecondition, reason::kAllMembersFailed, 502, "server_error", "upstream_error",
            "", "false"},
        Row{kFailedPrecondition, reason::kUpstreamAuth, 502, "server_error", "upstream_error", "",
            "false"},
        Row{kFailedPrecondition, reason::kUpstreamModelNotFound, 502, "server_error",
            "upstream_error", "", "false"},
        Row{kInvalidArgument, reason::kUpstreamBadRequest, 502, "server_error", "upstream_error",
            "", "false"},
        Row{kUnavailable, reason::kMalformedToolCall, 502, "server_error", "upstream_error", "",
            "false"},
        Row{kUnavailable, reason::kEmptyCompletion, 502, "server_error", "upstream_error", "",
            "false"},
        Row{kUnavailable, reason::kOverloaded, 503, "server_error", "overloaded", "3", ""},
        Row{kUnavailable, reason::kShuttingDown, 503, "server_error", "overloaded", "3", ""},
        Row{kDeadlineExceeded, reason::kDeadline, 504, "server_error", "timeout", "", "false"},
        Row{kDeadlineExceeded, reason::kFirstTokenTimeout, 504, "server_error", "timeout", "",
            "false"}));

INSTANTIATE_TEST_SUITE_P(
    ByCode, ErrorTable,
    ::testing::Values(Row{kInvalidArgument, "", 400, kInvalid, "invalid_value", "", ""},
                      Row{kFailedPrecondition, "", 400, kInvalid, "invalid_value", "", ""},
                      Row{kOutOfRange, "", 400, kInvalid, "invalid_value", "", ""},
                      Row{kUnauthenticated, "", 401, "authentication_error", "invalid_api_key", "",
                          ""},
                      Row{kPermissionDenied, "", 403, kInvalid, "permission_denied", "", ""},
                      Row{kNotFound, "", 404, kInvalid, "not_found", "", ""},
                      Row{kAborted, "", 409, "conflict_error", "conflict", "", ""},
                      Row{kAlreadyExists, "", 409, "conflict_error", "conflict", "", ""},
                      Row{kResourceExhausted, "", 413, kInvalid, "request_too_large", "", ""},
                      Row{kInternal, "", 500, "server_error", "null", "", "false"},
                      Row{kUnknown, "", 500, "server_error", "null", "", "false"},
                      Row{kDataLoss, "", 500, "server_error", "null", "", "false"},
                      Row{kUnimplemented, "", 501, "server_error", "not_implemented", "", "false"},
                      Row{kUnavailable, "", 503, "server_error", "overloaded", "3", ""},
                      Row{kCancelled, "", 503, "server_error", "overloaded", "3", ""},
                      Row{kDeadlineExceeded, "", 504, "server_error", "timeout", "", "false"}));

ErrorInfo InfoWith(const std::string& reason) {
  ErrorInfo info;
  info.reason = reason;
  return info;
}

TEST(ApiErrorOf, KeepsWhatMomWroteForTheCaller) {
  const ApiError error = ApiErrorOf(MakeError(
      kNotFound, "The model `momm` does not exist; did you mean `mom`?", reason::kModelNotFound));
  EXPECT_EQ(error.message, "The model `momm` does not exist; did you mean `mom`?");
  EXPECT_EQ(error.param, "model");
}

TEST(ApiErrorOf, R34NoTextThatClientsTakeForAnotherError) {
  for (const char* text : {"a (UPSTREAM_RATE_LIMITED)", "Rate limit hit", "got 429",
                           "litellm.RateLimitError: x", "rate-limit is fine, ratelimit is not"}) {
    const ApiError error = ApiErrorOf(MakeError(kUnavailable, text, reason::kAllMembersFailed));
    EXPECT_EQ(ErrorJson(error).find(text), std::string::npos) << text;
  }
}

TEST(ApiErrorOf, R34OneMembersRateLimitHidesNoneOfTheOthersReasons) {
  const ApiError error = ApiErrorOf(MakeError(
      kUnavailable, "no model answered: it failed; b: UPSTREAM_RATE_LIMITED; c: UPSTREAM_AUTH",
      reason::kAllMembersFailed));
  EXPECT_EQ(error.message, "no model answered: it failed; b: asks to slow down; c: UPSTREAM_AUTH");
}

TEST(ApiErrorOf, ACutAnswerIsOneEvenWhereItsCauseCannotBeTold) {
  const ApiError error =
      ApiErrorOf(MakeError(kUnavailable, "the answer broke off (got 429)", reason::kAnswerCut));
  EXPECT_EQ(error.message, "The answer broke off before its end; discard it and send it again.");
}

TEST(ApiErrorOf, ALimitNamesWhoseItIsAndNotTheProvidersWords) {
  ErrorInfo info = InfoWith(reason::kUpstreamRateLimited);
  info.metadata = {{"model", "writer"}, {"provider", "router"}, {"config_key", "models.x"}};
  EXPECT_EQ(
      ApiErrorOf(MakeError(kResourceExhausted, "secret", info)).message,
      "Rate limit reached (writer at provider router). Wait as long as the Retry-After header "
      "says, then send it again.");
  info.metadata["member.writer"] = info.metadata["member.small"] = info.reason;
  EXPECT_EQ(ApiErrorOf(MakeError(kResourceExhausted, "secret", info)).message,
            "Rate limit reached (small, writer). Wait as long as the Retry-After header says, then "
            "send it again.");
  info = InfoWith(reason::kUpstreamQuota);
  info.metadata = {{"model", "writer"}, {"provider", "router"}};
  EXPECT_EQ(ApiErrorOf(MakeError(kFailedPrecondition, "secret", info)).message,
            "The quota is used up (writer at provider router). Top up the account at the model's "
            "provider, or wait for its next period.");
}

TEST(ApiErrorOf, PathsOfTheServiceBecomePathsOfTheBody) {
  const std::pair<const char*, const char*> rows[] = {
      {"input.messages[2].role", "messages.2.role"},
      {"input.params.temperature", "temperature"},
      {"request.input.params.stop[1]", "stop.1"},
      {"input.params.max_output_tokens", "max_tokens"},
      {"input.messages[0].content[1].audio.data", "messages.0.content.1.input_audio.data"},
      {"input.tools[0].function.parameters_json", "tools.0.function.parameters"},
      {"input.tool_choice.function_name", "tool_choice.function.name"},
      {"input.tool_choice.mode", "tool_choice"},
      {"input.messages[3].extra_json", "messages.3"},
      {"messages.0.content", "messages.0.content"},
      {"model", "model"}};
  for (const auto& [field, param] : rows) {
    const ApiError error = ApiErrorOf(InvalidField(field, "must be right"));
    EXPECT_EQ(error.param, param);
    EXPECT_EQ(error.message, "`" + error.param + "` must be right.");
  }
  const ApiError body = ApiErrorOf(InvalidField("input.extra_body_json", "must be right"));
  EXPECT_EQ(body.param, "");
  EXPECT_EQ(body.message, "The request body must be right.");
}

TEST(ApiErrorOf, R35RetryAfterIsWholeSecondsUpToAMinute) {
  const std::pair<int, const char*> rows[] = {
      {1, "1"}, {1000, "1"}, {1001, "2"}, {60'000, "60"}, {3'600'000, "60"}};
  for (const auto& [ms, seconds] : rows) {
    ErrorInfo info = InfoWith(reason::kUpstreamRateLimited);
    info.retry_after = std::chrono::milliseconds(ms);
    const rest::HttpResponse response =
        ErrorResponse(ApiErrorOf(MakeError(kResourceExhausted, "x", info)));
    ASSERT_FALSE(response.headers.empty());
    EXPECT_EQ(response.headers[0].first, "retry-after");
    EXPECT_EQ(response.headers[0].second, seconds);
  }
}

TEST(ApiErrorOf, R33TheContextSentenceHasTheNumbersWhereTheyAreKnown) {
  ErrorInfo info = InfoWith(reason::kContextLengthExceeded);
  info.metadata["context_window"] = "4096";
  info.metadata["prompt_tokens"] = "5000";
  EXPECT_EQ(ApiErrorOf(MakeError(kInvalidArgument, "x", info)).message,
            "This model's maximum context length is 4096 tokens. However, your messages resulted "
            "in 5000 tokens. Please reduce the length of the messages.");
}

// Each kind as errors.md writes it: 404 `type`, code `code`.
TEST(ApiError, EachKindIsInTheDocument) {
  std::ostringstream document;
  document << std::ifstream(SourcePath("docs/errors.md")).rdbuf();
  for (int i = 0; i <= static_cast<int>(rest::ErrorKind::kTimeout); ++i) {
    ApiError error;
    error.kind = static_cast<rest::ErrorKind>(i);
    if (error.kind == rest::ErrorKind::kClientGone) continue;
    const Json body(ErrorJson(error));
    std::string row = std::to_string(error.http_status()) + " `" + body.Text("/error/type") + "`";
    if (body.At("/error/code") != "null") row += ", code `" + body.Text("/error/code") + "`";
    if (error.kind == rest::ErrorKind::kInvalidRequest) row = "400 `invalid_request_error`";
    EXPECT_THAT(document.str(), ::testing::HasSubstr(row));
  }
}

}  // namespace
}  // namespace mom::testing
