// What the emulator answers, over a raw socket.
#include "tests/testing/emulator/emulator.h"

#include <gmock/gmock.h>
#include <simdjson.h>
#include <zlib.h>

#include <string>
#include <vector>

#include "tests/testing/raw_http_client.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::string_view kUsageAsked =
    R"({"model":"a","stream":true,"stream_options":{"include_usage":true},)"
    R"("messages":[{"role":"user","content":"12345678"}]})";

RawHttpClient::Response Ask(const Emulator& emulator, std::string_view body) {
  RawHttpClient client(emulator.port());
  client.Post(kChat, body);
  return client.Read();
}

// The payloads of a stream's events.
std::vector<std::string> EventsOf(std::string_view body) {
  constexpr std::string_view kData = "data: ";
  std::vector<std::string> events;
  while (!body.empty()) {
    const std::size_t end = body.find("\n\n");
    const std::string_view event = body.substr(0, end);
    body.remove_prefix(end == std::string_view::npos ? body.size() : end + 2);
    if (event.starts_with(kData)) events.emplace_back(event.substr(kData.size()));
  }
  return events;
}

// The value at a JSON pointer as JSON text; empty: there is none.
std::string At(std::string_view json, std::string_view pointer) {
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  simdjson::dom::element value;
  if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) return {};
  if (root.at_pointer(pointer).get(value) != simdjson::SUCCESS) return {};
  return simdjson::minify(value);
}

// What each event has at a pointer, where it has something.
std::vector<std::string> AllAt(const std::vector<std::string>& events, std::string_view pointer) {
  std::vector<std::string> values;
  for (const std::string& event : events) {
    std::string value = At(event, pointer);
    if (!value.empty()) values.push_back(std::move(value));
  }
  return values;
}

std::string Unzip(std::string_view zipped) {
  z_stream stream = {};
  EXPECT_EQ(inflateInit2(&stream, MAX_WBITS + 16), Z_OK);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data()));
  stream.avail_in = static_cast<uInt>(zipped.size());
  std::string text(1 << 20, '\0');
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  text.resize(stream.total_out);
  inflateEnd(&stream);
  return text;
}

TEST(EmulatorTest, AnswersInOneJsonBody) {
  const Emulator emulator(Script().Add("a", {.text = "Hello \"there\"\n"}));
  const auto response = Ask(emulator, ChatBody("a", false, "12345"));
  EXPECT_EQ(response.status, 200);
  EXPECT_TRUE(response.whole);
  EXPECT_EQ(At(response.body, "/object"), R"("chat.completion")");
  EXPECT_EQ(At(response.body, "/model"), R"("a")");
  EXPECT_EQ(At(response.body, "/choices/0/message/role"), R"("assistant")");
  EXPECT_EQ(At(response.body, "/choices/0/message/content"), R"("Hello \"there\"\n")");
  EXPECT_EQ(At(response.body, "/choices/0/finish_reason"), R"("stop")");
  EXPECT_EQ(At(response.body, "/usage"),
            R"({"prompt_tokens":2,"completion_tokens":3,"total_tokens":5})");
}

TEST(EmulatorTest, StreamsAsOpenAiDoes) {
  const Emulator emulator(Script().Add("a", {.text = "Hello there, world"}));
  const auto response = Ask(emulator, kUsageAsked);
  EXPECT_THAT(response.head, HasSubstr("content-type: text/event-stream\r\n"));
  EXPECT_TRUE(response.whole);
  const auto events = EventsOf(response.body);
  ASSERT_EQ(events.size(), 7u);
  EXPECT_EQ(At(events[0], "/choices/0/delta"), R"({"role":"assistant","content":""})");
  EXPECT_THAT(AllAt(events, "/choices/0/delta/content"),
              ElementsAre(R"("")", R"("Hello")", R"(" there,")", R"(" world")"));
  EXPECT_EQ(At(events[3], "/choices/0/finish_reason"), "null");
  EXPECT_EQ(At(events[4], "/choices/0/delta"), "{}");
  EXPECT_EQ(At(events[4], "/choices/0/finish_reason"), R"("stop")");
  EXPECT_EQ(At(events[5], "/choices"), "[]");
  EXPECT_EQ(At(events[5], "/usage"),
            R"({"prompt_tokens":2,"completion_tokens":3,"total_tokens":5})");
  EXPECT_EQ(events[6], "[DONE]");
}

TEST(EmulatorTest, StreamsUsageOnlyWhenAsked) {
  const Emulator emulator(
      Script().Add("a", {.text = "x"}).Add("silent", {.usage = {.none = true}}));
  EXPECT_THAT(Ask(emulator, ChatBody("a", true)).body, Not(HasSubstr("usage")));
  EXPECT_THAT(Ask(emulator, ChatBody("silent", false)).body, Not(HasSubstr("usage")));
}

TEST(EmulatorTest, SaysReasoningThenTextThenTools) {
  const ScriptedCall call = {
      .tokens = {"one ", "two"},
      .reasoning = "let me see",
      .tool_calls = {{.id = "c1", .name = "f", .arguments = R"({"x": 1})"}, {.name = "g"}}};
  const Emulator emulator(Script().Add("a", call));
  const auto events = EventsOf(Ask(emulator, ChatBody("a", true)).body);
  EXPECT_THAT(AllAt(events, "/choices/0/delta/reasoning_content"),
              ElementsAre(R"("let")", R"(" me")", R"(" see")"));
  EXPECT_THAT(AllAt(events, "/choices/0/delta/content"),
              ElementsAre(R"("")", R"("one ")", R"("two")"));
  EXPECT_THAT(AllAt(events, "/choices/0/delta/tool_calls/0/id"),
              ElementsAre(R"("c1")", R"("call_1")"));
  EXPECT_THAT(AllAt(events, "/choices/0/delta/tool_calls/0/index"),
              ElementsAre("0", "0", "0", "1", "1"));
  EXPECT_THAT(AllAt(events, "/choices/0/delta/tool_calls/0/function/arguments"),
              ElementsAre(R"("")", R"("{\"x\":")", R"(" 1}")", R"("")", R"("{}")"));
  const auto unary = Ask(emulator, ChatBody("a", false));
  EXPECT_EQ(At(unary.body, "/choices/0/message/reasoning_content"), R"("let me see")");
  EXPECT_EQ(At(unary.body, "/choices/0/message/content"), R"("one two")");
  EXPECT_EQ(At(unary.body, "/choices/0/message/tool_calls/0/function/arguments"),
            R"("{\"x\": 1}")");
  EXPECT_EQ(At(unary.body, "/choices/0/finish_reason"), R"("tool_calls")");
}

TEST(EmulatorTest, CutsTextByCodePoints) {
  const Emulator emulator(Script().Add("a", {.text = "aü€😀b", .chunk_chars = 2}));
  const auto events = EventsOf(Ask(emulator, ChatBody("a", true)).body);
  EXPECT_THAT(AllAt(events, "/choices/0/delta/content"),
              ElementsAre(R"("")", R"("aü")", R"("€😀")", R"("b")"));
}

TEST(EmulatorTest, LeavesOutWhatTheScriptLeavesOut) {
  const Emulator emulator(Script().Add("a", {.text = "", .finish_reason = "", .done = false}));
  const auto events = EventsOf(Ask(emulator, ChatBody("a", true)).body);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(At(events[0], "/choices/0/delta/role"), R"("assistant")");
}

TEST(EmulatorTest, SaysThatItIsAnotherModel) {
  const Emulator emulator(Script().Add("a", {.model = "a-2025"}));
  EXPECT_EQ(At(Ask(emulator, ChatBody("a", false)).body, "/model"), R"("a-2025")");
  EXPECT_EQ(At(EventsOf(Ask(emulator, ChatBody("a", true)).body)[0], "/model"), R"("a-2025")");
}

TEST(EmulatorTest, UsesCallsInOrderAndRepeatsTheLast) {
  Emulator emulator(Script().Add("a", {.status = 503}).Add("a", {.text = "then"}));
  RawHttpClient client(emulator.port());  // All on one connection.
  const auto next = [&] {
    client.Post(kChat, ChatBody("a", false));
    return client.Read().status;
  };
  EXPECT_EQ(next(), 503);
  EXPECT_EQ(next(), 200);
  EXPECT_EQ(next(), 200);
  emulator.Reset();
  EXPECT_EQ(next(), 503);
  EXPECT_EQ(emulator.state().connections, 0u) << "the one there is was counted before the reset";
  EXPECT_EQ(emulator.state().open_connections, 1);
}

TEST(EmulatorTest, ChoosesByWhatTheRequestSays) {
  const Emulator emulator(Script()
                              .Add("a", {.text = "edit 1"})
                              .Add("a", {.match = "commit message", .text = "feat: x"})
                              .Add("a", {.match_body = R"("stream":true)", .text = "streamed"})
                              .Add("a", {.text = "edit 2"})
                              .Add("*", {.text = "any"}));
  const auto says = [&](std::string_view model, std::string_view text) {
    return At(Ask(emulator, ChatBody(model, false, text)).body, "/choices/0/message/content");
  };
  EXPECT_EQ(says("a", "write a commit message"), R"("feat: x")");
  EXPECT_EQ(says("a", "edit"), R"("edit 1")");
  EXPECT_EQ(says("a", "write a commit message"), R"("feat: x")");
  EXPECT_EQ(says("a", "edit"), R"("edit 2")");
  EXPECT_EQ(says("b", "edit"), R"("any")");
  EXPECT_THAT(Ask(emulator, ChatBody("a", true)).body, HasSubstr("streamed"));
}

TEST(EmulatorTest, AnswersWithoutAScript) {
  const Emulator emulator;
  const auto response = Ask(emulator, ChatBody("x", false, "the secret"));
  EXPECT_EQ(response.status, 200);
  EXPECT_THAT(At(response.body, "/choices/0/message/content"), HasSubstr("no script"));
  EXPECT_THAT(response.body, Not(HasSubstr("secret")));
}

TEST(EmulatorTest, ListsTheScriptsModels) {
  const Emulator emulator(Script().Add("b", {}).Add("a", {}).Add("*", {}));
  RawHttpClient client(emulator.port());
  client.Get("/v1/models");
  const auto response = client.Read();
  EXPECT_EQ(At(response.body, "/data/0/id"), R"("a")");
  EXPECT_EQ(At(response.body, "/data/1/id"), R"("b")");
  EXPECT_EQ(At(response.body, "/data/2"), "");
}

TEST(EmulatorTest, TheSameBodyHoweverItIsSent) {
  const ScriptedCall plain = {.text = "Hello there, wörld", .usage = {.completion = 7}};
  for (const bool stream : {false, true}) {
    for (const bool gzip : {false, true}) {
      for (const int split : {0, 1, 7}) {
        ScriptedCall call = plain;
        call.gzip = gzip;
        call.split = split;
        const Emulator changed(Script().Add("a", call));
        const Emulator original(Script().Add("a", plain));
        const auto want = Ask(original, ChatBody("a", stream));
        const auto got = Ask(changed, ChatBody("a", stream));
        EXPECT_TRUE(got.whole);
        // The time of creation may differ.
        const auto pointer = stream ? "/choices" : "/choices/0/message";
        const std::string body = gzip ? Unzip(got.body) : got.body;
        EXPECT_EQ(AllAt(stream ? EventsOf(body) : std::vector{body}, pointer),
                  AllAt(stream ? EventsOf(want.body) : std::vector{want.body}, pointer));
        EXPECT_EQ(got.head.find("content-encoding: gzip") != std::string::npos, gzip);
      }
    }
  }
}

TEST(EmulatorTest, SplitWritesEachPieceAsAChunk) {
  const Emulator emulator(Script().Add("a", {.text = "x", .split = 1}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  client.ReadUntil("\r\n\r\n");
  EXPECT_THAT(client.ReadUntil("0\r\n\r\n"), StartsWith("1\r\nd\r\n1\r\na\r\n1\r\nt\r\n"));
}

TEST(EmulatorTest, SendsErrorsWithStatusAndHeaders) {
  const Emulator emulator(
      Script().Add("a", {.status = 429,
                         .headers = {{"Retry-After", "2"}},
                         .error = R"({"message":"slow down","code":"slow_down"})"}));
  const auto response = Ask(emulator, ChatBody("a", true));
  EXPECT_THAT(response.head, StartsWith("HTTP/1.1 429 Too Many Requests\r\n"));
  EXPECT_THAT(response.head, HasSubstr("\r\nRetry-After: 2\r\n"));
  EXPECT_EQ(response.body, R"({"error":{"message":"slow down","code":"slow_down"}})");
}

TEST(EmulatorTest, SendsErrorsWithinAGoodStatus) {
  const Emulator emulator(Script()
                              .Add("a", {.text = "one two three",
                                         .error = R"({"message":"overloaded"})",
                                         .error_after_tokens = 2})
                              .Add("first", {.error = R"({"message":"overloaded"})"}));
  const auto events = EventsOf(Ask(emulator, ChatBody("a", true)).body);
  ASSERT_EQ(events.size(), 4u);
  EXPECT_EQ(At(events[2], "/choices/0/delta/content"), R"(" two")");
  EXPECT_EQ(events[3], R"({"error":{"message":"overloaded"}})");
  EXPECT_THAT(EventsOf(Ask(emulator, ChatBody("first", true)).body),
              ElementsAre(R"({"error":{"message":"overloaded"}})"));
  EXPECT_EQ(Ask(emulator, ChatBody("a", false)).body, R"({"error":{"message":"overloaded"}})");
}

TEST(EmulatorTest, SendsAnyBody) {
  const Emulator emulator(Script().Add("a", {.status = 502,
                                             .headers = {{"Content-Type", "text/html"}},
                                             .body = "<html>bad gateway</html>"}));
  const auto response = Ask(emulator, ChatBody("a", true));
  EXPECT_EQ(response.status, 502);
  EXPECT_THAT(response.head, HasSubstr("Content-Type: text/html"));
  EXPECT_THAT(response.head, Not(HasSubstr("application/json")));
  EXPECT_EQ(response.body, "<html>bad gateway</html>");
}

TEST(EmulatorTest, SendsRawBytes) {
  const Emulator emulator(
      Script().Add("a", {.raw = {{.send = "HTTP/1.1 2"}, {.send = "00 \xff", .delay = 1ms}}}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  EXPECT_EQ(client.ReadToEnd(), "HTTP/1.1 200 \xff");
  EXPECT_EQ(client.end(), RawHttpClient::End::kClosed);
}

TEST(EmulatorTest, AnswersPipelinedRequestsInOrder) {
  const Emulator emulator(Script().Add("a", {.text = "1"}).Add("a", {.delay = 1ms, .text = "2"}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", false));
  client.Post(kChat, ChatBody("a", true));
  client.Get("/v1/models");
  EXPECT_THAT(client.Read().body, HasSubstr(R"("content":"1")"));
  EXPECT_THAT(client.Read().body, HasSubstr(R"("content":"2")"));
  EXPECT_THAT(client.Read().body, HasSubstr(R"("object":"list")"));
}

TEST(EmulatorTest, ReadsRequestsInAnyPieces) {
  const Emulator emulator(Script().Add("a", {.text = "yes"}));
  std::string body = ChatBody("a", false);
  body.resize(5 + 256, ' ');
  const std::string request =
      "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\n"
      "Transfer-Encoding: chunked\r\n\r\n5\r\n" +
      body.substr(0, 5) + "\r\n100\r\n" + body.substr(5) + "\r\n0\r\n\r\n";
  RawHttpClient client(emulator.port());
  for (const char byte : request) client.Send(std::string_view(&byte, 1));
  EXPECT_THAT(client.Read().body, HasSubstr("yes"));
}

TEST(EmulatorTest, RefusesWhatItDoesNotUnderstand) {
  const Emulator emulator;
  RawHttpClient client(emulator.port());
  for (const std::string_view body : {"{", "[]", R"({"model":"a"})", R"({"messages":[]})"}) {
    client.Post(kChat, body);
    EXPECT_EQ(client.Read().status, 400) << body;
  }
  client.Get("/v1/else");
  EXPECT_EQ(client.Read().status, 404);
  client.Send("no HTTP at all\r\n\r\n");
  EXPECT_EQ(client.Read().status, 400);
  client.ReadToEnd();
  EXPECT_EQ(client.end(), RawHttpClient::End::kClosed);
  EXPECT_EQ(emulator.state().requests, 5u);
  EXPECT_THAT(emulator.invoices(), IsEmpty());
}

TEST(EmulatorTest, ServesManyConnectionsOnSeveralThreads) {
  const Emulator emulator(Script().Add("a", {.text = "x"}),
                          EmulatorOptions{.threads = 3, .keep = 7});
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(Ask(emulator, ChatBody("a", i % 2 == 0)).whole);
  ASSERT_TRUE(emulator.WaitUntilAllClosed());
  EXPECT_EQ(emulator.state().invoices, 20u);
  EXPECT_EQ(emulator.invoices().size(), 7u) << "no more are kept";
  EXPECT_EQ(emulator.requests().back().id, 20u);
}

}  // namespace
}  // namespace mom::testing
