// The JSON form of a script, and the documentation's example of it.
#include <gmock/gmock.h>

#include <fstream>
#include <iterator>
#include <string>

#include "tests/testing/emulator/script.h"
#include "tests/testing/source_path.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

std::string Documentation() {
  std::ifstream file(SourcePath("docs/emulator.md"));
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// The one call of a script of one model.
ScriptedCall ReadOne(const std::string& call) {
  const StatusOr<Script> script = ParseScript("{\"models\":{\"a\":[" + call + "]}}");
  EXPECT_TRUE(script.ok()) << script.status();
  return script.ok() ? script->models().at("a").at(0) : ScriptedCall();
}

std::string ProblemOf(const std::string& json) {
  const StatusOr<Script> script = ParseScript(json);
  EXPECT_FALSE(script.ok()) << json;
  return script.ok() ? "" : mom::MessageOf(script.status());
}

TEST(EmulatorScriptTest, ReadsWhatIsSaid) {
  const ScriptedCall call = ReadOne(R"({
    "model": "m", "text": "t", "tokens": ["a", "b"], "chunk_chars": 3, "reasoning": "r",
    "reasoning_field": "reasoning", "finish_reason": "length", "done": true,
    "tool_calls": [{"id": "i", "name": "n", "arguments": {"x": [1, 2]}}, {"arguments": "{\"x"}],
    "usage": {"prompt": 1, "completion": 2, "cached": 3, "reasoning": 4},
    "error": {"message": "m"}, "error_after_tokens": 5})");
  EXPECT_EQ(call.model, "m");
  EXPECT_EQ(call.text, "t");
  EXPECT_THAT(call.tokens, ElementsAre("a", "b"));
  EXPECT_EQ(call.chunk_chars, 3);
  EXPECT_EQ(call.reasoning, "r");
  EXPECT_EQ(call.reasoning_field, "reasoning");
  EXPECT_EQ(call.finish_reason, "length");
  EXPECT_EQ(call.done, true);
  ASSERT_EQ(call.tool_calls.size(), 2u);
  EXPECT_EQ(call.tool_calls[0].id, "i");
  EXPECT_EQ(call.tool_calls[0].name, "n");
  EXPECT_EQ(call.tool_calls[0].arguments, R"({"x":[1,2]})");
  EXPECT_EQ(call.tool_calls[1].arguments, "{\"x");
  EXPECT_EQ(call.usage.prompt, 1);
  EXPECT_EQ(call.usage.completion, 2);
  EXPECT_EQ(call.usage.cached, 3);
  EXPECT_EQ(call.usage.reasoning, 4);
  EXPECT_EQ(call.error, R"({"message":"m"})");
  EXPECT_EQ(call.error_after_tokens, 5);
}

TEST(EmulatorScriptTest, ReadsWhen) {
  const ScriptedCall call = ReadOne(R"({
    "match": "m", "match_body": "b", "delay_ms": 1, "first_token_delay_ms": 2, "pace_ms": 3,
    "gates": [{"name": "g"}, {"name": "h", "token": 4}], "drip": {"every_ms": 5, "send": "s"}})");
  EXPECT_EQ(call.match, "m");
  EXPECT_EQ(call.match_body, "b");
  EXPECT_EQ(call.delay, 1ms);
  EXPECT_EQ(call.first_token_delay, 2ms);
  EXPECT_EQ(call.pace, 3ms);
  ASSERT_EQ(call.gates.size(), 2u);
  EXPECT_EQ(call.gates[0].token, std::nullopt);
  EXPECT_EQ(call.gates[1].name, "h");
  EXPECT_EQ(call.gates[1].token, 4);
  EXPECT_EQ(call.drip_every, 5ms);
  EXPECT_EQ(call.drip, "s");
}

TEST(EmulatorScriptTest, ReadsTheWire) {
  const ScriptedCall call = ReadOne(R"({
    "status": 503, "headers": {"Retry-After": "1"}, "body_hex": "00fF", "gzip": true, "split": 1,
    "content_length": 2, "fault": {"kind": "half_close", "after_bytes": 3}, "connection": "drop",
    "raw": [{"send": "x", "delay_ms": 4}, {"send_hex": "0d0a"}]})");
  EXPECT_EQ(call.status, 503);
  EXPECT_THAT(call.headers, ElementsAre(Pair("Retry-After", "1")));
  EXPECT_EQ(call.body.value().ToString(), std::string("\0\xff", 2));
  EXPECT_TRUE(call.gzip);
  EXPECT_EQ(call.split, 1);
  EXPECT_EQ(call.content_length, 2);
  EXPECT_EQ(call.fault.kind, ScriptedFault::Kind::kHalfClose);
  EXPECT_EQ(call.fault.after_bytes, 3);
  EXPECT_EQ(call.connection, AfterAnswer::kDrop);
  ASSERT_EQ(call.raw.size(), 2u);
  EXPECT_EQ(call.raw[0].send.ToString(), "x");
  EXPECT_EQ(call.raw[0].delay, 4ms);
  EXPECT_EQ(call.raw[1].send.ToString(), "\r\n");
}

TEST(EmulatorScriptTest, ReadsWhatIsRepeated) {
  const ScriptedCall call = ReadOne(R"({
    "body": ["[", {"repeat": "ab", "times": 3}, "]"],
    "raw": [{"send": [{"repeat": "x", "times": 2}]}]})");
  EXPECT_EQ(call.body.value().ToString(), "[ababab]");
  EXPECT_EQ(call.raw.at(0).send.ToString(), "xx");
}

TEST(EmulatorScriptTest, ReadsTheSpecialValues) {
  EXPECT_EQ(ReadOne(R"({"finish_reason": null})").finish_reason, "");
  EXPECT_TRUE(ReadOne(R"({"usage": "none"})").usage.none);
  EXPECT_TRUE(ParseScript("{}").ok());
  EXPECT_EQ(ReadOne(R"({"fault": {"kind": "refuse"}})").fault.kind, ScriptedFault::Kind::kRefuse);
  EXPECT_EQ(ReadOne(R"({"fault": {"kind": "goaway"}})").fault.kind, ScriptedFault::Kind::kGoAway);
}

TEST(EmulatorScriptTest, NamesThePathAndTheRemedy) {
  const auto call = [](const std::string& text) {
    return ProblemOf(R"({"models":{"a":[{}, )" + text + "]}}");
  };
  EXPECT_EQ(call(R"({"pace_ms": "5"})"),
            "models.a[1].pace_ms: write a whole number from 0 to 86400000");
  EXPECT_EQ(call(R"({"pace_ms": -1})"),
            "models.a[1].pace_ms: write a whole number from 0 to 86400000");
  EXPECT_EQ(call(R"({"text": 1})"), "models.a[1].text: write a string");
  EXPECT_EQ(call(R"({"gzip": 1})"), "models.a[1].gzip: write true or false");
  EXPECT_EQ(call("[]"), "models.a[1]: write an object: { ... }");
  EXPECT_EQ(call(R"({"error": {"error": {"code": "x"}}})"),
            R"(models.a[1].error.error: the reply puts {"error": ...} around it; write what is )"
            "inside");
  EXPECT_EQ(call(R"({"tokens": ["a", 1]})"), "models.a[1].tokens[1]: write a string");
  EXPECT_EQ(call(R"({"fault": {"kind": "crash"}})"),
            R"(models.a[1].fault.kind: write one of "reset", "close", "stall", "half_close", )"
            R"("refuse", "goaway")");
  EXPECT_THAT(call(R"({"fault": {"after_bytes": 1}})"), HasSubstr("fault: \"kind\" is missing"));
  EXPECT_THAT(call(R"({"fault": {"kind": "stall", "after_bytes": 1, "after_tokens": 1}})"),
              HasSubstr("not both"));
  EXPECT_THAT(call(R"({"drip": {"send": ""}})"), HasSubstr("drip: \"every_ms\" is missing"));
  EXPECT_THAT(call(R"({"body": ["a", {"repeat": "b"}]})"),
              HasSubstr("models.a[1].body[1]: write a text to \"repeat\""));
  EXPECT_THAT(call(R"({"body": 1})"), HasSubstr("models.a[1].body: write a list"));
  EXPECT_THAT(call(R"({"gates": [{}]})"), HasSubstr("gates[0]: \"name\" is missing"));
  EXPECT_THAT(call(R"({"body_hex": "0"})"), HasSubstr("pairs of hexadecimal digits"));
  EXPECT_THAT(call(R"({"body_hex": "0x"})"), HasSubstr("pairs of hexadecimal digits"));
  EXPECT_THAT(call(R"({"gzip": true, "drip": {"every_ms": 1}})"), HasSubstr("not both"));
  EXPECT_EQ(call(R"({"raw": [{"sent": ""}]})"),
            "models.a[1].raw[0].sent: unknown key; known here: delay_ms, send, send_hex");
  EXPECT_EQ(ProblemOf(R"({"model": {}})"), "model: unknown key; known here: models");
  EXPECT_EQ(ProblemOf("[]"), "$: write an object: { ... }");
  EXPECT_THAT(ProblemOf(R"({"models": )"), HasSubstr("$: not valid JSON"));
}

TEST(EmulatorScriptTest, NamesTheFile) {
  EXPECT_THAT(mom::MessageOf(LoadScript("/nowhere/x.json").status()),
              HasSubstr("/nowhere/x.json: cannot be read"));
}

TEST(EmulatorScriptTest, TheDocumentedExampleIsValid) {
  constexpr std::string_view kFence = "```json\n";
  const std::string page = Documentation();
  const std::size_t start = page.find(kFence) + kFence.size();
  ASSERT_GE(start, kFence.size());
  const StatusOr<Script> script = ParseScript(page.substr(start, page.find("```", start) - start));
  ASSERT_TRUE(script.ok()) << script.status();
  EXPECT_GE(script->models().size(), 3u);
}

TEST(EmulatorScriptTest, EveryKeyIsDocumented) {
  constexpr std::string_view kKnown = "known here: ";
  const std::string page = Documentation();
  for (const std::string where : {"", "\"fault\":{", "\"usage\":{", "\"gates\":[{", "\"raw\":[{",
                                  "\"drip\":{", "\"body\":[{"}) {
    const std::string problem = ProblemOf(R"({"models":{"a":[{)" + where + "\"?\":0" +
                                          (where.ends_with("[{")  ? "}]"
                                           : where.ends_with("{") ? "}"
                                                                  : "") +
                                          "}]}}");
    std::string keys = problem.substr(problem.find(kKnown) + kKnown.size()) + ", ";
    while (!keys.empty()) {
      const std::size_t end = keys.find(", ");
      EXPECT_THAT(page, HasSubstr("`" + keys.substr(0, end) + "`"));
      keys.erase(0, end + 2);
    }
  }
}

}  // namespace
}  // namespace mom::testing
