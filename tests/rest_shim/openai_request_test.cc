#include "rest_shim/openai_request.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/testing/source_path.h"

namespace mom::rest {
namespace {

std::string ReadFile(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string AsText(const ChatCall& call) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(call.request, &text);
  return "# stream: " + std::to_string(call.stream) +
         " include_usage: " + std::to_string(call.include_usage) + "\n" + text;
}

// tests/golden/rest: each X.json must give the request of X.txtpb. With MOM_UPDATE_GOLDEN set the
// latter are written anew.
TEST(ParseChatCall, GoldenFiles) {
  int count = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(mom::testing::SourcePath("tests/golden/rest"))) {
    if (entry.path().extension() != ".json") continue;
    ++count;
    SCOPED_TRACE(entry.path().filename());
    const StatusOr<ChatCall> call = ParseChatCall(ReadFile(entry.path()));
    ASSERT_TRUE(call.ok()) << call.status();
    std::filesystem::path golden = entry.path();
    golden.replace_extension(".txtpb");
    if (std::getenv("MOM_UPDATE_GOLDEN") != nullptr) std::ofstream(golden) << AsText(*call);
    EXPECT_EQ(AsText(*call), ReadFile(golden));
  }
  EXPECT_GE(count, 8);
}

struct Mistake {
  const char* body;
  const char* param;
  const char* text;  // a part of the message
};

class Mistakes : public ::testing::TestWithParam<Mistake> {};

TEST_P(Mistakes, AreNamed) {
  const StatusOr<ChatCall> call = ParseChatCall(GetParam().body);
  ASSERT_FALSE(call.ok());
  EXPECT_EQ(call.status().code(), StatusCode::kInvalidArgument);
  EXPECT_EQ(GetErrorInfo(call.status()).field, GetParam().param);
  EXPECT_NE(MessageOf(call.status()).find(GetParam().text), std::string::npos) << call.status();
}

#define USER R"({"role":"user","content":"hi"})"
#define WITH(field) R"({"messages":[)" USER R"(],)" field "}"
#define MESSAGE(text) R"({"messages":[)" text "]}"

INSTANTIATE_TEST_SUITE_P(
    Syntax, Mistakes,
    ::testing::Values(
        Mistake{"", "", "the text is empty at byte 0"}, Mistake{"   ", "", "the text is empty"},
        Mistake{"{\"messages\": [\n  {]}", "",
                "a key in double quotes is missing at byte 18 (line 2, column 4)"},
        Mistake{R"({"model":"mom)", "", "a string has no end"},
        Mistake{R"({"model":"mom"} x)", "", "something follows the end"},
        Mistake{R"({"model" "mom"})", "", "a colon is missing at byte 9"},
        Mistake{R"({"x":[1 2]})", "", "a comma or `]` is missing at byte 8"},
        Mistake{R"({"x":1 "y":2})", "", "a comma or `}` is missing at byte 7"},
        Mistake{R"({"x":1,})", "", "a key in double quotes is missing at byte 7"},
        Mistake{R"({"x":01})", "", "a comma or `}` is missing at byte 6"},
        Mistake{R"({"x":-})", "", "a digit is missing at byte 6"},
        Mistake{R"({"x":1.})", "", "a digit is missing at byte 7"},
        Mistake{R"({"x":1e+})", "", "a digit is missing at byte 8"},
        Mistake{R"({"x":nul})", "", "a value is missing at byte 5"},
        Mistake{R"({"x":'a'})", "", "a value is missing at byte 5"},
        Mistake{R"({"x":"\q"})", "", "an escape is unknown at byte 7"},
        Mistake{R"({"x":"\u12g4"})", "", "four hex digits at byte 10"},
        Mistake{"{\"x\":\"a\nb\"}", "", "a control character stands in a string"},
        Mistake{"{\"x\":\"\xff\"}", "", "not valid UTF-8"},
        Mistake{"\xef\xbb\xbf[", "", "a value is missing at byte 0"},
        Mistake{"[]", "", "must be an object"}, Mistake{"\"text\"", "", "must be an object"},
        Mistake{"null", "", "must be an object"}, Mistake{"17", "", "must be an object"}));

INSTANTIATE_TEST_SUITE_P(
    Messages, Mistakes,
    ::testing::Values(
        Mistake{"{}", "messages", "is required"},
        Mistake{R"({"messages":null})", "messages", "is required"},
        Mistake{R"({"messages":"hi"})", "messages", "must be an array"},
        Mistake{R"({"messages":{}})", "messages", "must be an array"},
        Mistake{R"({"messages":[]})", "messages", "at least one"},
        Mistake{MESSAGE("{}"), "messages.0.role", "is required"},
        Mistake{MESSAGE("null"), "messages.0", "must be an object"},
        Mistake{MESSAGE("[]"), "messages.0", "must be an object"},
        Mistake{MESSAGE(USER R"(,"x")"), "messages.1", "must be an object"},
        Mistake{MESSAGE(USER R"(,{"content":"x"})"), "messages.1.role", "is required"},
        Mistake{MESSAGE(R"({"role":123,"content":"x"})"), "messages.0.role", "must be a string"},
        Mistake{MESSAGE(R"({"role":null})"), "messages.0.role", "is required"},
        Mistake{MESSAGE(R"({"role":"robot"})"), "messages.0.role", "must be one of `system`"},
        Mistake{MESSAGE(R"({"role":"user","content":5})"), "messages.0.content",
                "must be a string"},
        Mistake{MESSAGE(R"({"role":"user","content":{}})"), "messages.0.content", "must be a"},
        Mistake{MESSAGE(R"({"role":"user","content":[7]})"), "messages.0.content.0",
                "must be an object"},
        Mistake{MESSAGE(R"({"role":"user","content":[{"text":"x"}]})"), "messages.0.content.0.type",
                "is required"},
        Mistake{MESSAGE(R"({"role":"user","content":["x",{"type":"text"}]})"),
                "messages.0.content.1.text", "is required"},
        Mistake{MESSAGE(R"({"role":"user","content":[{"type":"text","text":1}]})"),
                "messages.0.content.0.text", "must be a string"},
        Mistake{MESSAGE(R"({"role":"user","content":[{"type":"image_url","image_url":{}}]})"),
                "messages.0.content.0.image_url.url", "is required"},
        Mistake{MESSAGE(R"({"role":"user","content":[{"type":"image_url"}]})"),
                "messages.0.content.0.image_url", "is required"},
        Mistake{MESSAGE(R"({"role":"user","name":1})"), "messages.0.name", "must be a string"},
        Mistake{MESSAGE(R"({"role":"assistant","tool_calls":{}})"), "messages.0.tool_calls",
                "must be an array"},
        Mistake{MESSAGE(R"({"role":"assistant","tool_calls":[{"id":"a"}]})"),
                "messages.0.tool_calls.0.function", "is required"},
        Mistake{MESSAGE(R"({"role":"assistant","tool_calls":[{"function":{"arguments":""}}]})"),
                "messages.0.tool_calls.0.function.name", "is required"},
        Mistake{
            MESSAGE(
                R"({"role":"assistant","tool_calls":[{"function":{"name":"f","arguments":1}}]})"),
            "messages.0.tool_calls.0.function.arguments", "must be an object"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, Mistakes,
    ::testing::Values(
        Mistake{WITH(R"("model":5)"), "model", "must be a string"},
        Mistake{WITH(R"("n":2)"), "n", "must be 1"}, Mistake{WITH(R"("n":"1")"), "n", "integer"},
        Mistake{WITH(R"("stream":"yes")"), "stream", "true or false"},
        Mistake{WITH(R"("stream_options":true)"), "stream_options", "must be an object"},
        Mistake{WITH(R"("stream_options":{"include_usage":1})"), "stream_options.include_usage",
                "true or false"},
        Mistake{WITH(R"("temperature":"hot")"), "temperature", "must be a number"},
        Mistake{WITH(R"("max_tokens":1.5)"), "max_tokens", "must be an integer"},
        Mistake{WITH(R"("max_completion_tokens":"9")"), "max_completion_tokens", "integer"},
        Mistake{WITH(R"("seed":18446744073709551616)"), "seed", "at most 64 bits"},
        Mistake{WITH(R"("top_k":4294967296)"), "top_k", "at most 32 bits"},
        Mistake{WITH(R"("stop":7)"), "stop", "a string or an array"},
        Mistake{WITH(R"("stop":["a",7])"), "stop.1", "must be a string"},
        Mistake{WITH(R"("user":7)"), "user", "must be a string"},
        Mistake{WITH(R"("parallel_tool_calls":"no")"), "parallel_tool_calls", "true or false"},
        Mistake{WITH(R"("tools":{})"), "tools", "must be an array"},
        Mistake{WITH(R"("tools":["x"])"), "tools.0", "must be an object"},
        Mistake{WITH(R"("tools":[{}])"), "tools.0.type", "is required"},
        Mistake{WITH(R"("tools":[{"type":"function"}])"), "tools.0.function", "is required"},
        Mistake{WITH(R"("tools":[{"type":"function","function":{}}])"), "tools.0.function.name",
                "is required"},
        Mistake{WITH(R"("tools":[{"type":"function","function":{"name":"f","parameters":"{}"}}])"),
                "tools.0.function.parameters", "must be an object"},
        Mistake{WITH(R"("functions":{})"), "functions", "must be an array"},
        Mistake{WITH(R"("functions":[{}])"), "functions.0.name", "is required"},
        Mistake{WITH(R"("function_call":{})"), "function_call.name", "is required"},
        Mistake{WITH(R"("function_call":"maybe")"), "function_call", "`none`, `auto`"},
        Mistake{WITH(R"("tool_choice":"maybe")"), "tool_choice", "`none`, `auto`, `required`"},
        Mistake{WITH(R"("tool_choice":7)"), "tool_choice", "must be an object"},
        Mistake{WITH(R"("tool_choice":{"type":"function"})"), "tool_choice.function.name",
                "is required"},
        Mistake{WITH(R"("response_format":"json")"), "response_format", "must be an object"},
        Mistake{WITH(R"("response_format":{})"), "response_format.type", "is required"},
        Mistake{WITH(R"("response_format":{"type":"json_schema"})"), "response_format.json_schema",
                "is required"},
        Mistake{WITH(R"("response_format":{"type":"json_schema","json_schema":{"name":"n"}})"),
                "response_format.json_schema.schema", "is required"}));

TEST(ParseChatCall, TheRequestDecidesHowCallsAreWritten) {
  const std::pair<const char*, CallForm> rows[] = {
      {WITH(R"("functions":[{"name":"f"}])"), CallForm::kFunction},
      {WITH(R"("functions":[],"function_call":"none")"), CallForm::kTools},
      {WITH(R"("functions":[{"name":"f"}],"tools":[{"type":"function","function":{"name":"f"}}])"),
       CallForm::kTools},
      {WITH(R"("model":"mom")"), CallForm::kTools}};
  for (const auto& [body, form] : rows) {
    const auto call = ParseChatCall(body);
    ASSERT_TRUE(call.ok()) << call.status();
    EXPECT_EQ(call->calls, form) << body;
    EXPECT_FALSE(call->request.input().has_tool_choice()) << body;
    EXPECT_EQ(call->request.input().extra_body_json(), "") << body;
  }
}

TEST(ParseChatCall, TheLaterOfTwoEqualKeysCounts) {
  const auto call = ParseChatCall(R"({"messages":[{"role":"user","content":"a"}],"model":"x",
      "messages":[{"role":"user","content":"b"}],"model":"y","stop":"a","stop":["b","c"]})");
  ASSERT_TRUE(call.ok()) << call.status();
  ASSERT_EQ(call->request.input().messages_size(), 1);
  EXPECT_EQ(call->request.input().messages(0).content(0).text(), "b");
  EXPECT_EQ(call->request.model(), "y");
  EXPECT_EQ(call->request.input().params().stop_size(), 2);
}

TEST(ParseChatCall, DeepNestingIsRefusedNotFollowed) {
  const std::string deep(100'000, '[');
  EXPECT_FALSE(ParseChatCall(deep).ok());
  const auto extra = ParseChatCall(R"({"messages":[{"role":"user","content":"a"}],"x":)" + deep +
                                   std::string(100'000, ']') + "}");
  ASSERT_FALSE(extra.ok());
  EXPECT_NE(MessageOf(extra.status()).find("too deep"), std::string::npos);
}

// Cutting a good body anywhere gives an error, never a crash or a half request.
TEST(ParseChatCall, EveryPrefixIsAnError) {
  const std::string body =
      ReadFile(mom::testing::SourcePath("tests/golden/rest/conversation.json"));
  const std::size_t end = body.find_last_of('}');
  for (std::size_t size = 0; size <= end; ++size) {
    EXPECT_FALSE(ParseChatCall(body.substr(0, size)).ok()) << size;
  }
  EXPECT_TRUE(ParseChatCall(body.substr(0, end + 1)).ok());
}

}  // namespace
}  // namespace mom::rest
