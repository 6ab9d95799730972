// Streamed answers, row by row where a row is the shim's.
#include <set>

#include "service/base/reasons.h"
#include "tests/rest_shim/shim_fixture.h"

namespace mom::testing {
namespace {

constexpr char kWithUsage[] = R"({"stream":true,"stream_options":{"include_usage":true},)"
                              R"("messages":[{"role":"user","content":"hi"}]})";

class StreamTest : public ShimTest {};

TEST_F(StreamTest, R02R03R05R08R12TheWholeForm) {
  RawClient client = Connect();
  client.Post(kHelloStream);
  const RawResponse response = client.Read();
  ASSERT_EQ(response.status, 200);
  EXPECT_EQ(response.Header("content-type"), "text/event-stream");
  EXPECT_EQ(response.Header("cache-control"), "no-cache");
  EXPECT_EQ(response.Header("x-accel-buffering"), "no");
  EXPECT_EQ(response.Header("content-encoding"), "");
  EXPECT_EQ(response.Header("x-mom-strategy"), "synthesize");
  const std::vector<std::string> events = Events(response.body);
  ASSERT_EQ(events.size(), 4u) << response.body;
  EXPECT_EQ(events[0],
            R"({"id":"chatcmpl-fake","object":"chat.completion.chunk","created":1700000000,)"
            R"("model":"mom","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello"},)"
            R"("finish_reason":null}]})");
  EXPECT_EQ(Json(events[1]).At("/choices/0/delta"), R"({"content":" world"})");
  const Json last(events[2]);
  EXPECT_EQ(last.At("/choices"), R"([{"index":0,"delta":{},"finish_reason":"stop"}])");
  EXPECT_EQ(last.Text("/mom/strategy"), "synthesize");
  EXPECT_EQ(last.Text("/mom/strategy_reason"), "configured");
  EXPECT_EQ(last.Text("/mom/answered_by"), "small-a");
  EXPECT_EQ(last.At("/mom/usage/total_tokens"), "55");
  EXPECT_EQ(last.At("/usage"), "");
  EXPECT_EQ(events[3], "[DONE]");
  EXPECT_TRUE(response.body.ends_with("data: [DONE]\n\n"));
  // The message ended: the connection takes the next request.
  client.Post(kHello);
  EXPECT_EQ(client.Read().status, 200);
}

TEST_F(StreamTest, R07TheUsageChunkComesOnlyWhenAsked) {
  const std::vector<std::string> events = Events(Post(kWithUsage).body);
  ASSERT_EQ(events.size(), 5u);
  const Json usage(events[3]);
  EXPECT_EQ(usage.At("/choices"), "[]");
  EXPECT_EQ(usage.At("/usage"), R"({"prompt_tokens":10,"completion_tokens":5,"total_tokens":15})");
  std::set<std::string> common;
  for (std::size_t i = 0; i + 1 < events.size(); ++i) {
    const Json chunk(events[i]);
    common.insert(chunk.Text("/id") + chunk.At("/created") + chunk.Text("/model") +
                  chunk.Text("/object"));
    EXPECT_EQ(chunk.At("/error"), "");  // R10
  }
  EXPECT_EQ(common.size(), 1u);
  EXPECT_EQ(events[4], "[DONE]");
}

TEST_F(StreamTest, R16R17ToolCallsComeInPieces) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    const auto piece = [&](int index, const char* id, const char* name, const char* arguments) {
      v1::Delta delta;
      v1::ToolCallDelta& call = *delta.add_tool_calls();
      call.set_index(index);
      call.set_id(id);
      call.set_name(name);
      call.set_arguments_json(arguments);
      if (index == 3) call.set_extra_content_json("{\"a\":1}");
      script.Send(delta);
    };
    piece(0, "call_1", "ls", "");
    piece(0, "", "", "{\"a\"");
    piece(0, "", "", ":1}");
    piece(3, "call_2", "cat", "{}");  // a gap, which clients must not see
    v1::SynthesizeResponse answer = TextAnswer("");
    answer.mutable_message()->add_tool_calls()->set_id("call_1");
    script.Complete(answer);
    return grpc::Status::OK;
  };
  const std::vector<std::string> events = Events(Post(kHelloStream).body);
  ASSERT_EQ(events.size(), 7u);
  const auto delta = [&](int i) { return Json(events[i]).At("/choices/0/delta"); };
  EXPECT_EQ(delta(0),
            R"({"role":"assistant","content":null,"tool_calls":[{"index":0,"id":"call_1",)"
            R"("type":"function","function":{"name":"ls","arguments":""}}]})");
  EXPECT_EQ(delta(1), R"({"tool_calls":[{"index":0,"function":{"arguments":"{\"a\""}}]})");
  EXPECT_EQ(delta(2), R"({"tool_calls":[{"index":0,"function":{"arguments":":1}"}}]})");
  EXPECT_EQ(delta(3), R"({"tool_calls":[{"index":1,"id":"call_2","type":"function",)"
                      R"("function":{"name":"cat","arguments":""},"extra_content":{"a":1}}]})");
  EXPECT_EQ(delta(4), R"({"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]})");
  EXPECT_EQ(Json(events[5]).Text("/choices/0/finish_reason"), "tool_calls");
}

// Who asked with `functions` is answered with `function_call`, which has room for one call.
TEST_F(StreamTest, TheDeprecatedFormOfCalls) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    v1::Delta delta;
    for (int i = 0; i < 2; ++i) {
      v1::ToolCallDelta& call = *delta.add_tool_calls();
      call.set_index(i);
      call.set_id("call_" + std::to_string(i));
      call.set_name("look");
      call.set_arguments_json("{\"at\":1}");
    }
    script.Send(delta);
    v1::SynthesizeResponse answer = TextAnswer("");
    answer.mutable_message()->add_tool_calls()->set_id("call_0");
    answer.set_finish_reason(v1::FINISH_REASON_TOOL_CALLS);
    script.Complete(answer);
    return grpc::Status::OK;
  };
  const std::vector<std::string> events =
      Events(Post(R"({"stream":true,"messages":[{"role":"user","content":"x"}],)"
                  R"("functions":[{"name":"look"}],"function_call":"auto"})")
                 .body);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(Json(events[0]).At("/choices/0/delta"),
            R"({"role":"assistant","content":null,)"
            R"("function_call":{"name":"look","arguments":""}})");
  EXPECT_EQ(Json(events[1]).At("/choices/0/delta"),
            R"({"function_call":{"arguments":"{\"at\":1}"}})");
  EXPECT_EQ(Json(events[2]).At("/choices/0/delta"), "{}");
  EXPECT_EQ(Json(events[2]).Text("/choices/0/finish_reason"), "function_call");
  EXPECT_EQ(events[3], "[DONE]");
}

TEST_F(StreamTest, R13ReasoningAndRefusalHaveTheirOwnKeys) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    v1::Delta delta;
    delta.set_reasoning("hm");
    script.Send(delta);
    delta.Clear();
    delta.set_refusal("no");
    script.Send(delta);
    script.Send(v1::Delta());  // nothing in it: no chunk
    script.Complete(TextAnswer(""));
    return grpc::Status::OK;
  };
  const std::vector<std::string> events = Events(Post(kHelloStream).body);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(Json(events[0]).At("/choices/0/delta"),
            R"({"role":"assistant","reasoning_content":"hm"})");
  EXPECT_EQ(Json(events[1]).At("/choices/0/delta"), R"({"refusal":"no"})");
}

// The last message repeats the answer: what no delta brought is not lost.
TEST_F(StreamTest, AnAnswerWithoutDeltasIsSentFromTheLastMessage) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    script.Complete(TextAnswer("all at once"));
    return grpc::Status::OK;
  };
  const std::vector<std::string> events = Events(Post(kHelloStream).body);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(Json(events[0]).At("/choices/0/delta"),
            R"({"role":"assistant","content":"all at once"})");
}

TEST_F(StreamTest, LineFeedsAndUnicodeStayInTheirEvent) {
  const std::string text = "a\n\ndata: b\r\n\xf0\x9f\x98\x80\xe2\x80\xa8";
  service_.streamed = [text](StreamScript& script) {
    script.Start();
    script.Text(text);
    script.Complete(TextAnswer(text));
    return grpc::Status::OK;
  };
  const std::vector<std::string> events = Events(Post(kHelloStream).body);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(Json(events[0]).Text("/choices/0/delta/content"), text);
}

TEST_F(StreamTest, TheFirstTokenIsThereBeforeTheSecondIsWritten) {
  Gate gate;
  service_.StreamUntil(gate, "first");
  RawClient client = Connect();
  client.Post(kHelloStream);
  client.ReadUntil("first");
  gate.Open();
  EXPECT_TRUE(client.Read().complete);
}

TEST_F(StreamTest, R37AnEarlyFailureHasARealStatus) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    return RpcFailure(StatusCode::kUnavailable, "no model answered: a (UPSTREAM_CONNECT)",
                      reason::kAllMembersFailed);
  };
  const RawResponse response = Post(kHelloStream);
  EXPECT_EQ(response.status, 502);
  EXPECT_EQ(response.Header("content-type"), "application/json");
  EXPECT_EQ(Json(response.body).Text("/error/code"), "upstream_error");
}

TEST_F(StreamTest, R11SilenceIsFilledWithCommentsAndNothingElse) {
  config_.commit_after = std::chrono::milliseconds(1);
  config_.keep_alive = std::chrono::milliseconds(1);
  Gate gate;
  service_.streamed = [&](StreamScript& script) {
    script.Start();
    gate.Wait();
    script.Text("late");
    script.Complete(TextAnswer("late"));
    return grpc::Status::OK;
  };
  RawClient client = Connect();
  client.Post(kHelloStream);
  const std::string start = client.ReadUntil(": keep-alive\n\n\r\ne\r\n: keep-alive\n\n");
  EXPECT_TRUE(start.starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(start.find("data:"), std::string::npos);
  gate.Open();
  EXPECT_EQ(Events(client.Read().body).size(), 3u);
}

// After the 200: one error event, no finish chunk, no [DONE], and the message is cut.
TEST_F(StreamTest, R36AFailureAfterTextIsAnErrorEvent) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    script.Text("half an ans");
    return RpcFailure(StatusCode::kUnavailable, "the answer broke off", reason::kAnswerCut);
  };
  RawClient client = Connect();
  client.Post(kHelloStream);
  const RawResponse response = client.Read();
  EXPECT_EQ(response.status, 200);
  EXPECT_FALSE(response.complete);
  const std::vector<std::string> events = Events(response.body);
  ASSERT_EQ(events.size(), 2u) << response.body;
  EXPECT_EQ(events[1],
            R"({"error":{"message":"the answer broke off","type":"server_error","param":null,)"
            R"("code":"upstream_error"}})");
  EXPECT_EQ(response.body.find("[DONE]"), std::string::npos);
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(StreamTest, R33ContextOverflowInBand) {
  config_.commit_after = std::chrono::milliseconds(0);
  Gate gate;
  service_.streamed = [&](StreamScript& script) {
    script.Start();
    gate.Wait();
    return RpcFailure(StatusCode::kInvalidArgument, "too long", reason::kContextLengthExceeded);
  };
  RawClient client = Connect();
  client.Post(kHelloStream);
  client.ReadUntil(": keep-alive");
  gate.Open();
  const std::vector<std::string> events = Events(client.Read().body);
  ASSERT_EQ(events.size(), 1u);
  const Json error(events[0]);
  EXPECT_EQ(error.Text("/error/code"), "context_length_exceeded");
  EXPECT_EQ(error.Text("/error/type"), "invalid_request_error");
  EXPECT_TRUE(error.Text("/error/message").starts_with("This model's maximum context length is "));
}

TEST_F(StreamTest, AnEndWithoutTheLastMessageIsAFailure) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    script.Text("half");
    return grpc::Status::OK;
  };
  const RawResponse response = Post(kHelloStream);
  EXPECT_FALSE(response.complete);
  EXPECT_EQ(Json(Events(response.body).back()).Text("/error/type"), "server_error");
}

TEST_F(StreamTest, AnAnswerWithoutAReasonToEndIsAFailure) {
  service_.streamed = [](StreamScript& script) {
    script.Start();
    script.Text("half");
    v1::SynthesizeResponse answer = TextAnswer("half");
    answer.set_finish_reason(v1::FINISH_REASON_UNSPECIFIED);
    script.Complete(answer);
    return grpc::Status::OK;
  };
  const RawResponse response = Post(kHelloStream);
  EXPECT_FALSE(response.complete);
  EXPECT_EQ(Json(Events(response.body).back()).Text("/error/type"), "server_error");
}

TEST_F(StreamTest, AnHttp10ClientGetsItsStreamUntilTheConnectionEnds) {
  RawClient client = Connect();
  const std::string body = kHelloStream;
  client.Send(
      "POST /v1/chat/completions HTTP/1.0\r\ncontent-type: application/json\r\n"
      "content-length: " +
      std::to_string(body.size()) + "\r\n\r\n" + body);
  const std::string all = client.ReadUntil("data: [DONE]\n\n");
  EXPECT_EQ(all.find("transfer-encoding"), std::string::npos);
  EXPECT_NE(all.find("\r\n\r\ndata: {"), std::string::npos);
}

// A client that does not read stops the service, and the rest of its answer comes all the same.
TEST_F(StreamTest, ASlowReaderSlowsTheServiceDown) {
  constexpr int kDeltas = 800;
  const std::string piece(64 << 10, 'x');
  std::atomic<int> written = 0;
  service_.streamed = [&](StreamScript& script) {
    script.Start();
    for (int i = 0; i < kDeltas && script.Text(piece); ++i) ++written;
    script.Complete(TextAnswer("x"));
    return grpc::Status::OK;
  };
  RawClient slow = Connect();
  slow.Post(kHelloStream);
  slow.ReadUntil("xxxx");
  // Other requests are served meanwhile; each gives the stuck stream time to get further.
  int before = -1;
  while (before != written) {
    before = written;
    for (int i = 0; i < 20; ++i) EXPECT_EQ(Post(kHello).status, 200);
  }
  EXPECT_LT(written, kDeltas / 2);
  const RawResponse response = slow.Read();
  EXPECT_TRUE(response.complete);
  EXPECT_EQ(Events(response.body).size(), kDeltas + 2u);
  EXPECT_EQ(written, kDeltas);
}

}  // namespace
}  // namespace mom::testing
