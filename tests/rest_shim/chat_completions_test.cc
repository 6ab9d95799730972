// Answers that are not streamed, row by row where a row is the shim's.
#include "rest_shim/chat_completions.h"

#include "tests/rest_shim/shim_fixture.h"

namespace mom::testing {
namespace {

class ChatTest : public ShimTest {};

TEST_F(ChatTest, R01TheBodyHasOpenAisForm) {
  const RawResponse response = Post(kHello);
  ASSERT_EQ(response.status, 200) << response.body;
  EXPECT_EQ(response.Header("content-type"), "application/json");
  EXPECT_EQ(response.Header("x-mom-strategy"), "synthesize");
  EXPECT_EQ(response.Header("x-mom-degraded"), "");
  const Json body(response.body);
  EXPECT_EQ(body.Text("/id"), "chatcmpl-fake");
  EXPECT_EQ(body.Text("/object"), "chat.completion");
  EXPECT_EQ(body.At("/created"), "1700000000");
  EXPECT_EQ(body.Text("/model"), "mom");
  EXPECT_EQ(body.At("/choices"),
            R"([{"index":0,"message":{"role":"assistant","content":"Hello world","refusal":null},)"
            R"("logprobs":null,"finish_reason":"stop"}])");
  EXPECT_EQ(body.At("/usage"), R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":15})");
  EXPECT_EQ(body.At("/error"), "");  // R10
}

TEST_F(ChatTest, TheExtensionTellsWhatItTook) {
  v1::SynthesizeResponse answer = TextAnswer("x");
  answer.set_degraded(true);
  answer.add_degraded_reasons("small-b failed");
  answer.add_notes("small-c had no tools");
  service_.AnswerWith(answer);
  const RawResponse response = Post(kHello);
  EXPECT_EQ(response.Header("x-mom-degraded"), "true");
  const Json body(response.body);
  EXPECT_EQ(body.Text("/mom/request_id"), "req-fake");
  EXPECT_EQ(body.Text("/mom/strategy"), "synthesize");
  EXPECT_EQ(body.Text("/mom/strategy_reason"), "configured");
  EXPECT_EQ(body.Text("/mom/contract"), "none");
  EXPECT_EQ(body.Text("/mom/answered_by"), "small-a");
  EXPECT_EQ(body.At("/mom/degraded"), "true");
  EXPECT_EQ(body.At("/mom/degraded_reasons"), R"(["small-b failed"])");
  EXPECT_EQ(body.At("/mom/notes"), R"(["small-c had no tools"])");
  EXPECT_EQ(body.At("/mom/usage/total_tokens"), "55");
  EXPECT_EQ(body.At("/mom/cost_usd"), "0.0025");
  EXPECT_EQ(body.At("/mom/models/0/attempts"), "2");
}

TEST_F(ChatTest, UsageCanBeTheSum) {
  config_.usage = "sum";
  EXPECT_EQ(Json(Post(kHello).body).At("/usage/total_tokens"), "55");
}

TEST_F(ChatTest, UsageDetailsAreThereWhereKnown) {
  v1::SynthesizeResponse answer = TextAnswer("x");
  answer.mutable_answer_usage()->set_cached_tokens(4);
  answer.mutable_answer_usage()->set_reasoning_tokens(0);
  service_.AnswerWith(answer);
  const Json body(Post(kHello).body);
  EXPECT_EQ(body.At("/usage/prompt_tokens_details"), R"({"cached_tokens":4})");
  EXPECT_EQ(body.At("/usage/completion_tokens_details"), R"({"reasoning_tokens":0})");
}

TEST_F(ChatTest, R04R18ToolCallsHaveNullContentAndTheirOwnFinishReason) {
  v1::SynthesizeResponse answer = TextAnswer("");
  answer.mutable_message()->clear_content();
  v1::ToolCall& call = *answer.mutable_message()->add_tool_calls();
  call.set_id("call_1");
  call.mutable_function()->set_name("ls");
  call.mutable_function()->set_arguments_json(R"({"b":1,"a":12345678901234567890})");
  call.set_extra_content_json(R"({"google":{"thought_signature":"c2ln"}})");
  service_.AnswerWith(answer);  // finish_reason: stop
  const Json body(Post(kHello).body);
  EXPECT_EQ(body.At("/choices/0/message/content"), "null");
  EXPECT_EQ(body.Text("/choices/0/finish_reason"), "tool_calls");
  EXPECT_EQ(body.Text("/choices/0/message/tool_calls/0/id"), "call_1");
  EXPECT_EQ(body.Text("/choices/0/message/tool_calls/0/type"), "function");
  EXPECT_EQ(body.Text("/choices/0/message/tool_calls/0/function/name"), "ls");
  EXPECT_EQ(body.Text("/choices/0/message/tool_calls/0/function/arguments"),
            R"({"b":1,"a":12345678901234567890})");
  EXPECT_EQ(body.At("/choices/0/message/tool_calls/0/extra_content"),
            R"({"google":{"thought_signature":"c2ln"}})");
}

TEST_F(ChatTest, TheDeprecatedFormOfCalls) {
  v1::SynthesizeResponse answer = TextAnswer("");
  answer.mutable_message()->clear_content();
  for (const char* name : {"look", "other"}) {
    v1::FunctionCall& call = *answer.mutable_message()->add_tool_calls()->mutable_function();
    call.set_name(name);
    call.set_arguments_json("{}");
  }
  for (const auto reason :
       {v1::FINISH_REASON_STOP, v1::FINISH_REASON_TOOL_CALLS, v1::FINISH_REASON_FUNCTION_CALL}) {
    answer.set_finish_reason(reason);
    service_.AnswerWith(answer);
    const Json old(
        Post(R"({"messages":[{"role":"user","content":"x"}],"functions":[{"name":"look"}]})").body);
    EXPECT_EQ(old.At("/choices/0/message"), R"({"role":"assistant","content":null,"refusal":null,)"
                                            R"("function_call":{"name":"look","arguments":"{}"}})");
    EXPECT_EQ(old.Text("/choices/0/finish_reason"), "function_call");
    const Json modern(Post(kHello).body);
    EXPECT_EQ(modern.At("/choices/0/message/function_call"), "");
    EXPECT_EQ(modern.Text("/choices/0/finish_reason"), "tool_calls");
  }
}

TEST_F(ChatTest, R13ReasoningAndRefusalHaveTheirOwnKeys) {
  v1::SynthesizeResponse answer = TextAnswer("");
  answer.mutable_message()->mutable_content(0)->set_refusal("I will not");
  answer.mutable_message()->set_reasoning_content("hm \xf0\x9f\xa4\x94");
  service_.AnswerWith(answer);
  const Json body(Post(kHello).body);
  EXPECT_EQ(body.At("/choices/0/message/content"), "null");
  EXPECT_EQ(body.Text("/choices/0/message/refusal"), "I will not");
  EXPECT_EQ(body.Text("/choices/0/message/reasoning_content"), "hm \xf0\x9f\xa4\x94");
}

TEST_F(ChatTest, FinishReasonsHaveTheirNamesAndNoneIsInvented) {
  const std::pair<v1::FinishReason, const char*> rows[] = {
      {v1::FINISH_REASON_STOP, "stop"},
      {v1::FINISH_REASON_LENGTH, "length"},
      {v1::FINISH_REASON_TOOL_CALLS, "tool_calls"},
      {v1::FINISH_REASON_CONTENT_FILTER, "content_filter"},
      {v1::FINISH_REASON_FUNCTION_CALL, "function_call"}};
  for (const auto& [reason, name] : rows) {
    v1::SynthesizeResponse answer = TextAnswer("x");
    answer.set_finish_reason(reason);
    service_.AnswerWith(answer);
    EXPECT_EQ(Json(Post(kHello).body).Text("/choices/0/finish_reason"), name);
  }
  v1::SynthesizeResponse answer = TextAnswer("x");
  answer.set_finish_reason(v1::FINISH_REASON_UNSPECIFIED);
  service_.AnswerWith(answer);
  EXPECT_EQ(Post(kHello).status, 500);
}

TEST_F(ChatTest, R15TheModelIsEchoedAsAsked) {
  EXPECT_EQ(Json(Post(R"({"model":"Writer","messages":[{"role":"user","content":"x"}]})").body)
                .Text("/model"),
            "Writer");
  EXPECT_EQ(service_.last_request().model(), "Writer");
  // Without one the mixture `mom` answers, and says so.
  EXPECT_EQ(Json(Post(R"({"messages":[{"role":"user","content":"x"}]})").body).Text("/model"),
            "mom");
  EXPECT_EQ(service_.last_request().model(), "");
}

TEST_F(ChatTest, R24R25ParametersReachTheService) {
  const RawResponse response = Post(
      R"({"messages":[{"role":"user","content":"x"}],"temperature":0,"store":false,"a":{"b" :1}})");
  EXPECT_EQ(response.status, 200);
  const v1::SynthesizeRequest request = service_.last_request();
  EXPECT_TRUE(request.input().params().has_temperature());
  EXPECT_FALSE(request.input().params().has_top_p());
  EXPECT_EQ(request.input().extra_body_json(), R"({"store":false,"a":{"b" :1}})");
}

TEST_F(ChatTest, R40IdsGoThroughAndComeBack) {
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  RawResponse response = Post(kHello, "X-Request-ID: my-id_7\r\ntraceparent: " + trace +
                                          "\r\nAuthorization: Bearer sk-1\r\n");
  EXPECT_EQ(response.Header("x-request-id"), "my-id_7");
  EXPECT_EQ(service_.last_metadata("x-request-id"), "my-id_7");
  EXPECT_EQ(service_.last_metadata("traceparent"), trace);
  EXPECT_EQ(service_.last_metadata("authorization"), "Bearer sk-1");

  response = Post(kHello, "x-request-id: not valid!\r\n");
  const std::string made = response.Header("x-request-id");
  EXPECT_TRUE(made.starts_with("req-")) << made;
  EXPECT_EQ(service_.last_metadata("x-request-id"), made);
  EXPECT_EQ(service_.last_metadata("authorization"), "");

  Post(kHello, "traceparent: " + trace + "-more\r\n");
  EXPECT_EQ(service_.last_metadata("traceparent"), "") << "a malformed one goes no further";
  EXPECT_EQ(service_.last_metadata("x-mom-contract"), "");
}

TEST_F(ChatTest, TheContractsHeaderGoesAlong) {
  Post(kHello, "X-MoM-Contract: udiff\r\n");
  EXPECT_EQ(service_.last_metadata("x-mom-contract"), "udiff");
  Post(kHello, "x-mom-contract: \xc3\xa9\r\n");
  EXPECT_EQ(service_.last_metadata("x-mom-contract"), "?") << "the service refuses it";
}

// gRPC would abort the process on such a value.
TEST_F(ChatTest, MetadataThatCannotTravelIsLeftOut) {
  EXPECT_EQ(Post(kHello, "authorization: Bearer \xc3\xa9\r\n").status, 200);
  EXPECT_EQ(service_.last_metadata("authorization"), "");
}

TEST_F(ChatTest, ContentTypes) {
  const auto status = [&](const std::string& headers) {
    RawClient client = Connect();
    client.Request("POST", "/v1/chat/completions", headers, kHello);
    return client.Read().status;
  };
  EXPECT_EQ(status("content-type: application/json\r\n"), 200);
  EXPECT_EQ(status("Content-Type: Application/JSON; charset=utf-8\r\n"), 200);
  EXPECT_EQ(status("content-type: application/vnd.x+json\r\n"), 200);
  EXPECT_EQ(status(""), 200);
  EXPECT_EQ(status("content-type: text/plain\r\n"), 415);
  EXPECT_EQ(status("content-type: application/x-www-form-urlencoded\r\n"), 415);
  // What a page of any site can make a browser send.
  EXPECT_EQ(status("origin: https://evil.example\r\n"), 415);
}

TEST_F(ChatTest, LargeAnswersComeWhole) {
  const std::string text(8 << 20, 'x');
  service_.AnswerWith(TextAnswer(text));
  EXPECT_EQ(Json(Post(kHello).body).Text("/choices/0/message/content"), text);
}

}  // namespace
}  // namespace mom::testing
