#include "service/model/openai_encoder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/base/json_reader.h"
#include "service/model/translator.h"

namespace mom {
namespace {

using ::testing::HasSubstr;

ModelConfig AnyModel() {
  ModelConfig model;
  model.name = "writer";
  model.provider = "p";
  model.id = "vendor/x";
  return model;
}

Message Text(Role role, std::string text) {
  Message message;
  message.role = role;
  message.content.push_back(TextPart{std::move(text)});
  return message;
}

ChatRequest Hi() {
  ChatRequest request;
  request.messages.push_back(Text(Role::kUser, "hi"));
  return request;
}

constexpr char kEnd[] = R"(,"stream":true,"stream_options":{"include_usage":true}})";
constexpr char kHi[] = R"({"model":"vendor/x","messages":[{"role":"user","content":"hi"}])";

std::string Encode(const ChatRequest& request, const ModelConfig& model = AnyModel(),
                   const ProviderConfig& provider = ProviderConfig()) {
  const std::string body = EncodeOpenAiBody(provider, model, request);
  EXPECT_TRUE(IsJsonObject(body)) << body;
  return body;
}

// The body of a request with this one message, without what is always there.
std::string EncodeMessage(Message message) {
  ChatRequest request;
  request.messages.push_back(std::move(message));
  const std::string body = Encode(request);
  const std::string start = R"({"model":"vendor/x","messages":[)";
  const std::string end = std::string("]") + kEnd;
  EXPECT_TRUE(body.starts_with(start) && body.ends_with(end)) << body;
  return body.substr(start.size(), body.size() - start.size() - end.size());
}

TEST(OpenAiEncoder, SendsNothingThatNobodySet) { EXPECT_EQ(Encode(Hi()), std::string(kHi) + kEnd); }

TEST(OpenAiEncoder, OneTextIsAString) {
  EXPECT_EQ(EncodeMessage(Text(Role::kDeveloper, "a\"\n\xC3\xA9\x01")),
            "{\"role\":\"developer\",\"content\":\"a\\\"\\n\xC3\xA9\\u0001\"}");
}

TEST(OpenAiEncoder, SeveralPartsAreAnArray) {
  Message message = Text(Role::kUser, "a");
  message.content.push_back(ImagePart{"http://i/1.png", "low"});
  message.content.push_back(ImagePart{"data:x", std::nullopt});
  message.content.push_back(AudioPart{"AAAA", "wav"});
  message.content.push_back(FilePart{"id", "", "f.pdf"});
  message.content.push_back(RefusalPart{"no"});
  message.content.push_back(RawPart{R"({"type":"text", "text":"b","cache_control":{"n":1.0}})"});
  EXPECT_EQ(EncodeMessage(message),
            R"({"role":"user","content":[{"type":"text","text":"a"},)"
            R"({"type":"image_url","image_url":{"url":"http://i/1.png","detail":"low"}},)"
            R"({"type":"image_url","image_url":{"url":"data:x"}},)"
            R"({"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}},)"
            R"({"type":"file","file":{"file_id":"id","filename":"f.pdf"}},)"
            R"({"type":"refusal","refusal":"no"},)"
            R"({"type":"text", "text":"b","cache_control":{"n":1.0}}]})");
}

TEST(OpenAiEncoder, OneRawPartIsAnArrayToo) {
  Message message;
  message.content.push_back(RawPart{R"({"type":"text","text":"b"})"});
  EXPECT_EQ(EncodeMessage(message), R"({"role":"user","content":[{"type":"text","text":"b"}]})");
}

TEST(OpenAiEncoder, PartsWithFurtherKeysGoOutAsTheyCame) {
  Message message;
  message.content.push_back(TextPart{"a", R"({"type":"text","text":"a","cache_control":{}})"});
  EXPECT_EQ(EncodeMessage(message),
            R"({"role":"user","content":[{"type":"text","text":"a","cache_control":{}}]})");
}

TEST(OpenAiEncoder, NoContentIsNullBesideToolCallsAndEmptyElsewhere) {
  Message message;
  message.role = Role::kAssistant;
  EXPECT_EQ(EncodeMessage(message), R"({"role":"assistant","content":""})");
  message.tool_calls.push_back(
      ToolCall{"c1", "f", R"({"a": 12345678901234567890})", "", R"({"b":1})"});
  message.tool_calls.push_back(ToolCall{"c2", "", "", R"({"id":"c2","type":"custom"})", ""});
  message.reasoning_content = "hm";
  EXPECT_EQ(
      EncodeMessage(message),
      R"({"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function",)"
      R"("function":{"name":"f","arguments":"{\"a\": 12345678901234567890}"},"extra_content":{"b":1}},)"
      R"({"id":"c2","type":"custom"}],"reasoning_content":"hm"})");
}

TEST(OpenAiEncoder, ToolResultsAndNames) {
  Message message = Text(Role::kTool, "42");
  message.tool_call_id = "c1";
  message.name = "f";
  EXPECT_EQ(EncodeMessage(message),
            R"({"role":"tool","content":"42","name":"f","tool_call_id":"c1"})");
}

TEST(OpenAiEncoder, ExtraKeysOfMessagesAreSplicedByteForByte) {
  Message message = Text(Role::kAssistant, "x");
  message.extra_json = " { \"prefix\" : true, \"n\":1e2 } ";
  EXPECT_EQ(EncodeMessage(message),
            R"({"role":"assistant","content":"x","prefix" : true, "n":1e2 })");
  for (const char* none : {"{}", "{ \n}", ""}) {
    message.extra_json = none;
    EXPECT_EQ(EncodeMessage(message), R"({"role":"assistant","content":"x"})") << none;
  }
}

TEST(OpenAiEncoder, ToolsChoicesAndFormats) {
  ChatRequest request = Hi();
  Tool tool;
  tool.name = "f";
  tool.description = "does";
  tool.parameters_json = R"({"type": "object"})";
  tool.strict = true;
  request.tools.push_back(tool);
  request.tools.push_back(Tool{"", std::nullopt, "", std::nullopt, R"({"type":"web"})"});
  request.tool_choice = ToolChoice{ToolChoice::Mode::kFunction, "f"};
  request.response_format =
      ResponseFormat{ResponseFormat::Kind::kJsonSchema, "s", R"({"b":1, "a":2})", false, "d"};
  EXPECT_EQ(Encode(request),
            std::string(kHi) +
                R"(,"tools":[{"type":"function","function":{"name":"f","description":"does",)"
                R"("parameters":{"type": "object"},"strict":true}},{"type":"web"}],)"
                R"("tool_choice":{"type":"function","function":{"name":"f"}},)"
                R"("response_format":{"type":"json_schema","json_schema":{"name":"s",)"
                R"("description":"d","schema":{"b":1, "a":2},"strict":false}})" +
                kEnd);
}

TEST(OpenAiEncoder, EveryToolChoiceAndFormat) {
  const auto choice = [](ToolChoice::Mode mode, std::string value) {
    ChatRequest request = Hi();
    request.tool_choice = ToolChoice{mode, std::move(value)};
    return Encode(request);
  };
  const auto expect = [](const std::string& rest) { return kHi + rest + kEnd; };
  EXPECT_EQ(choice(ToolChoice::Mode::kNone, ""), expect(R"(,"tool_choice":"none")"));
  EXPECT_EQ(choice(ToolChoice::Mode::kAuto, ""), expect(R"(,"tool_choice":"auto")"));
  EXPECT_EQ(choice(ToolChoice::Mode::kRequired, ""), expect(R"(,"tool_choice":"required")"));
  EXPECT_EQ(choice(ToolChoice::Mode::kRaw, R"({"x": 1})"), expect(R"(,"tool_choice":{"x": 1})"));
  const auto format = [](ResponseFormat::Kind kind, std::string json) {
    ChatRequest request = Hi();
    request.response_format = ResponseFormat{kind, "", std::move(json), std::nullopt, std::nullopt};
    return Encode(request);
  };
  EXPECT_EQ(format(ResponseFormat::Kind::kText, ""),
            expect(R"(,"response_format":{"type":"text"})"));
  EXPECT_EQ(format(ResponseFormat::Kind::kJsonObject, ""),
            expect(R"(,"response_format":{"type":"json_object"})"));
  EXPECT_EQ(format(ResponseFormat::Kind::kRaw, R"({"g" :1})"),
            expect(R"(,"response_format":{"g" :1})"));
}

TEST(OpenAiEncoder, ParamsOfTheRequestInOrder) {
  ChatRequest request = Hi();
  request.params = SamplingParams{.temperature = 0,
                                  .top_p = 0.1,
                                  .top_k = 3,
                                  .min_p = 0.05,
                                  .max_output_tokens = 7,
                                  .seed = 9007199254740993,
                                  .frequency_penalty = -2,
                                  .presence_penalty = 1.5,
                                  .stop = {"a", "b"},
                                  .reasoning_effort = "low",
                                  .parallel_tool_calls = false,
                                  .user = "u"};
  EXPECT_EQ(Encode(request), std::string(kHi) +
                                 R"(,"temperature":0.0,"top_p":0.1,"top_k":3,"min_p":0.05,)"
                                 R"("max_tokens":7,"seed":9007199254740993,)"
                                 R"("frequency_penalty":-2.0,"presence_penalty":1.5,)"
                                 R"("stop":["a","b"],"reasoning_effort":"low",)"
                                 R"("parallel_tool_calls":false,"user":"u")" +
                                 kEnd);
}

TEST(OpenAiEncoder, ConfigFillsWhatTheRequestLeavesUnset) {
  ModelConfig model = AnyModel();
  model.temperature = 0.2;
  model.top_p = 0.9;
  model.max_tokens = 100;
  model.extra_body = {{"seed", "5"}, {"provider", R"({"order":["x"]})"}};
  EXPECT_EQ(
      Encode(Hi(), model),
      std::string(kHi) +
          R"(,"temperature":0.2,"top_p":0.9,"max_tokens":100,"seed":5,"provider":{"order":["x"]})" +
          kEnd);
  ChatRequest request = Hi();
  request.params.temperature = 1;
  request.params.seed = 6;
  request.params.max_output_tokens = 20;
  request.extra_body = {{"top_p", "0.50"}};
  EXPECT_EQ(
      Encode(request, model),
      std::string(kHi) +
          R"(,"temperature":1.0,"max_tokens":20,"seed":6,"top_p":0.50,"provider":{"order":["x"]})" +
          kEnd);
}

TEST(OpenAiEncoder, ConfigBoundsMaxTokens) {
  ModelConfig model = AnyModel();
  model.max_tokens = 100;
  ProviderConfig provider;
  provider.max_tokens_field = "max_completion_tokens";
  ChatRequest request = Hi();
  request.params.max_output_tokens = 5000;
  EXPECT_EQ(Encode(request, model, provider),
            std::string(kHi) + R"(,"max_completion_tokens":100)" + kEnd);
}

TEST(OpenAiEncoder, ARawCallHasBesideItWhatIsToBeThere) {
  ChatRequest request;
  Message called;
  called.role = Role::kAssistant;
  ToolCall& call = called.tool_calls.emplace_back();
  call.raw_json = R"({"id":"c", "extra_content":{"a":1}, "further":null})";
  call.extra_content_json = R"({"a":1})";
  request.messages.push_back(called);
  EXPECT_THAT(Encode(request), HasSubstr(call.raw_json));
  request.messages[0].tool_calls[0].extra_content_json.clear();
  EXPECT_THAT(Encode(request), HasSubstr(R"([{"id":"c","further":null}])"));
}

TEST(OpenAiEncoder, ShortIdsStillPairCallsWithResults) {
  ChatRequest request;
  Message called;
  called.role = Role::kAssistant;
  for (const char* id : {"call_1", "call_2", "abcDEF123"}) {
    ToolCall call;
    call.id = id;
    call.name = "read";
    call.arguments_json = "{}";
    called.tool_calls.push_back(call);
  }
  ToolCall as_it_came;
  as_it_came.id = "call_2";
  as_it_came.raw_json = R"({"id":"call_2","type":"function","index":1})";
  called.tool_calls.push_back(as_it_came);
  Message result = Text(Role::kTool, "done");
  result.tool_call_id = "call_2";
  request.messages = {called, result};
  ProviderConfig provider;
  EXPECT_NE(Encode(request, AnyModel(), provider).find("\"call_2\""), std::string::npos);
  provider.tool_call_ids = "short";
  const std::string body = Encode(request, AnyModel(), provider);
  std::vector<std::string> ids;
  for (std::size_t at = 0; (at = body.find("id\":\"", at)) != std::string::npos;) {
    at += 5;
    ids.push_back(body.substr(at, body.find('"', at) - at));
  }
  ASSERT_EQ(ids.size(), 5u) << body;
  for (const std::string& id : ids) EXPECT_EQ(id.size(), 9u) << id;
  EXPECT_NE(ids[0], ids[1]);
  EXPECT_EQ(ids[2], "abcDEF123");
  EXPECT_EQ(ids[3], ids[1]);
  EXPECT_EQ(ids[4], ids[1]);
}

TEST(OpenAiEncoder, NoKeyIsWrittenTwice) {
  ModelConfig model = AnyModel();
  model.temperature = 0.2;
  model.extra_body = {{"temperature", "0.3"}, {"a", "1"}, {"model", "\"evil\""}, {"n", "4"}};
  ChatRequest request = Hi();
  request.params.temperature = 0.4;
  request.params.stop = {"x"};
  request.tool_choice = ToolChoice();
  request.extra_body = {{"temperature", "0.5"},      {"a", "2"},          {"stop", "\"y\""},
                        {"tool_choice", "\"none\""}, {"stream", "false"}, {"a", "3"}};
  EXPECT_EQ(
      Encode(request, model),
      std::string(kHi) + R"(,"temperature":0.5,"a":2,"stop":"y","tool_choice":"none")" + kEnd);
}

TEST(OpenAiEncoder, SystemOfTheConfigStandsInForAMissingOne) {
  ModelConfig model = AnyModel();
  model.system = "be brief";
  EXPECT_EQ(
      Encode(Hi(), model),
      std::string(R"({"model":"vendor/x","messages":[{"role":"system","content":"be brief"},)") +
          R"({"role":"user","content":"hi"}])" + kEnd);
  for (const Role role : {Role::kSystem, Role::kDeveloper}) {
    ChatRequest request = Hi();
    request.messages.push_back(Text(role, "own"));
    EXPECT_EQ(Encode(request, model).find("be brief"), std::string::npos);
  }
}

TEST(OpenAiEncoder, AConversationThatGoesOnKeepsItsBytes) {
  ChatRequest request = Hi();
  const std::string before = Encode(request);
  EXPECT_EQ(before, Encode(Hi()));
  request.messages.push_back(Text(Role::kAssistant, "hello"));
  request.messages.push_back(Text(Role::kUser, "more"));
  const std::string messages = before.substr(0, before.find("],\"stream\""));
  EXPECT_TRUE(Encode(request).starts_with(messages + ","));
}

TEST(OpenAiTranslator, EncodesTheHttpRequest) {
  ProviderConfig provider;
  provider.base_url = "https://h/v1";
  provider.headers = {{"X-Title", "mom"}};
  const Translator* translator = FindTranslator("openai");
  ASSERT_NE(translator, nullptr);
  EXPECT_EQ(FindTranslator("nonsense"), nullptr);
  HttpRequest http = translator->EncodeRequest(provider, AnyModel(), Hi());
  EXPECT_EQ(http.method, "POST");
  EXPECT_EQ(http.url, "https://h/v1/chat/completions");
  EXPECT_EQ(http.body, std::string(kHi) + kEnd);
  EXPECT_EQ(http.headers, (HttpHeaders{{"Content-Type", "application/json"},
                                       {"Accept", "text/event-stream"},
                                       {"X-Title", "mom"}}));
  provider.api_key = Secret("k1");
  http = translator->EncodeRequest(provider, AnyModel(), Hi());
  EXPECT_EQ(http.headers[2].second, "Bearer k1");
}

}  // namespace
}  // namespace mom
