#include "service/contract/tool_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace mom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::SizeIs;

ToolCall Call(const std::string& name, const std::string& arguments) {
  ToolCall call;
  call.name = name;
  call.arguments_json = arguments;
  return call;
}

// A request with the tools read and write.
ChatRequest WithTools() {
  ChatRequest request;
  for (const char* name : {"read", "write"}) {
    Tool tool;
    tool.name = name;
    request.tools.push_back(tool);
  }
  return request;
}

ChatRequest WithChoice(ToolChoice::Mode mode, const std::string& value = "") {
  ChatRequest request = WithTools();
  request.tool_choice.emplace();
  request.tool_choice->mode = mode;
  request.tool_choice->value = value;
  return request;
}

// Only these tools may be called, as the Chat Completions API has it.
ChatRequest WithAllowed(const std::string& mode, const std::vector<std::string>& names) {
  std::string tools;
  for (const std::string& name : names) {
    tools +=
        (tools.empty() ? "" : ",") + (R"({"type":"function","function":{"name":")" + name) + "\"}}";
  }
  return WithChoice(ToolChoice::Mode::kRaw, R"({"type":"allowed_tools","allowed_tools":{"mode":")" +
                                                mode + R"(","tools":[)" + tools + "]}}");
}

CallsVerdict CheckToolCalls(const std::vector<ToolCall>& calls, const ChatRequest& request) {
  return ToolRules(std::make_shared<ChatRequest>(request)).Judge(calls);
}

std::string OutOf(const std::vector<ToolCall>& calls, const ChatRequest& request) {
  return NamesOf(CheckToolCalls(calls, request).may_go_out);
}

TEST(ToolCalls, MustBeDeclaredAndHaveAnObject) {
  const ChatRequest request = WithTools();
  EXPECT_EQ(CheckToolCalls({}, request).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls({Call("read", "{\"a\":1}")}, request).fault, CallsFault::kNone);
  const CallsVerdict undeclared = CheckToolCalls({Call("read", "{}"), Call("rm", "{}")}, request);
  EXPECT_EQ(undeclared.fault, CallsFault::kMalformed);
  EXPECT_EQ(undeclared.why, "it calls `rm`, which the request does not declare");
  for (const char* arguments : {"", "[1]", "{\"a\":", "{} {}", "null"}) {
    const CallsVerdict verdict = CheckToolCalls({Call("read", arguments)}, request);
    EXPECT_EQ(verdict.fault, CallsFault::kMalformed) << arguments;
    EXPECT_THAT(verdict.why, HasSubstr("`read`"));
  }
  EXPECT_EQ(CheckToolCalls({Call("", "{}")}, request).fault, CallsFault::kMalformed);
}

TEST(ToolCalls, MustFitTheDeclaredSchema) {
  ChatRequest request = WithTools();
  request.tools[0].parameters_json =
      R"({"type":"object","properties":{"path":{"type":"string"}},"required":["path"]})";
  EXPECT_EQ(CheckToolCalls({Call("read", R"({"path":"a"})")}, request).fault, CallsFault::kNone);
  for (const char* arguments : {"{}", R"({"path":1})"}) {
    const CallsVerdict verdict = CheckToolCalls({Call("read", arguments)}, request);
    EXPECT_EQ(verdict.fault, CallsFault::kMismatch) << arguments;
    EXPECT_THAT(verdict.why, HasSubstr("do not fit: "));
  }
  EXPECT_EQ(OutOf({Call("read", "{}")}, request), "read")
      << "the client can still say what is wrong with it";
  request.tools[0].parameters_json = "7";
  EXPECT_EQ(CheckToolCalls({Call("read", "{}")}, request).fault, CallsFault::kNone)
      << "who cannot judge lets it pass";
}

TEST(ToolCalls, AreHeldToASchemaThatIsParsedOnce) {
  ChatRequest request = WithTools();
  request.tools[0].parameters_json = R"({"type":"object"})";
  const auto shared = std::make_shared<ChatRequest>(request);
  ToolRules rules(shared);
  const JsonSchema* const schema = rules.SchemaOf(shared->tools[0]);
  ASSERT_NE(schema, nullptr);
  rules.Judge({Call("read", "{}"), Call("read", "{}")});
  EXPECT_EQ(rules.SchemaOf(shared->tools[0]), schema);
  EXPECT_EQ(rules.SchemaOf(shared->tools[1]), nullptr) << "it takes anything";
}

TEST(ToolCalls, MustBeAllowed) {
  using Mode = ToolChoice::Mode;
  const std::vector<ToolCall> read = {Call("read", "{}")};
  EXPECT_EQ(CheckToolCalls(read, WithChoice(Mode::kAuto)).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls(read, WithChoice(Mode::kRequired)).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls(read, WithChoice(Mode::kNone)).fault, CallsFault::kNotAllowed);
  EXPECT_EQ(CheckToolCalls({}, WithChoice(Mode::kNone)).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls({}, WithChoice(Mode::kRequired)).fault, CallsFault::kMissing);
  EXPECT_EQ(CheckToolCalls({}, WithChoice(Mode::kFunction, "read")).fault, CallsFault::kMissing);
  EXPECT_EQ(CheckToolCalls(read, WithChoice(Mode::kFunction, "read")).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls(read, WithChoice(Mode::kFunction, "write")).why,
            "it calls `read`, and tool_choice names `write`");
  ChatRequest one = WithTools();
  one.params.parallel_tool_calls = false;
  EXPECT_EQ(CheckToolCalls(read, one).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls({read[0], read[0]}, one).fault, CallsFault::kNotAllowed);
  EXPECT_EQ(CheckToolCalls({read[0], Call("rm", "{}")}, one).fault, CallsFault::kMalformed)
      << "the worst is told";
}

TEST(ToolCalls, MustBeAmongTheAllowedTools) {
  const std::vector<ToolCall> read = {Call("read", "{}")};
  EXPECT_EQ(CheckToolCalls(read, WithAllowed("auto", {"read"})).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls({}, WithAllowed("auto", {"read"})).fault, CallsFault::kNone);
  EXPECT_EQ(CheckToolCalls({}, WithAllowed("required", {"read"})).fault, CallsFault::kMissing);
  EXPECT_EQ(CheckToolCalls(read, WithAllowed("auto", {"write"})).why,
            "it calls `read`, and tool_choice names `write`");
  EXPECT_EQ(CheckToolCalls(read, WithAllowed("required", {"write", "list"})).why,
            "it calls `read`, and tool_choice names others");
  EXPECT_EQ(CheckToolCalls(read, WithAllowed("auto", {})).fault, CallsFault::kNotAllowed);
}

TEST(ToolCalls, MustBeAmongTheAllowedToolsInWhateverFormTheyAreNamed) {
  const auto choice = [](const std::string& json) {
    return WithChoice(ToolChoice::Mode::kRaw, json);
  };
  const std::vector<ToolCall> read = {Call("read", "{}")};
  for (const char* name : {"read", "write"}) {
    const std::string tool = R"({"type":"function","name":")" + std::string(name) + "\"}";
    const std::string function = R"("function":{"name":")" + std::string(name) + "\"}";
    const CallsFault fault = name == read[0].name ? CallsFault::kNone : CallsFault::kNotAllowed;
    EXPECT_EQ(CheckToolCalls(read, choice(R"({"type":"allowed_tools","allowed_tools":{"tools":[)"
                                          R"({"type":"mcp","server_label":"x"},)" +
                                          tool + "]}}"))
                  .fault,
              fault);
    const ChatRequest flat =
        choice(R"({"type":"allowed_tools","mode":"required","tools":[)" + tool + "]}");
    EXPECT_EQ(CheckToolCalls(read, flat).fault, fault);
    EXPECT_EQ(CheckToolCalls({}, flat).fault, CallsFault::kMissing);
    const ChatRequest named = choice(R"({"type":"function","further":1,)" + function + "}");
    EXPECT_EQ(CheckToolCalls(read, named).fault, fault);
    EXPECT_EQ(CheckToolCalls({}, named).fault, CallsFault::kMissing);
  }
}

TEST(ToolCalls, TellWhatOfASchemaWasNotChecked) {
  ChatRequest request = WithTools();
  request.tools[0].parameters_json = R"json({"properties":{"path":{"pattern":"^(?!x)"}}})json";
  const std::vector<ToolCall> calls = {Call("write", "{}"), Call("read", R"({"path":"xy"})")};
  const CallsVerdict verdict = CheckToolCalls(calls, request);
  EXPECT_EQ(verdict.fault, CallsFault::kNone);
  EXPECT_THAT(verdict.unchecked, ElementsAre("`pattern` in the schema of the tool `read`"));
  EXPECT_THAT(CheckToolCalls({Call("rm", "{}"), calls[1]}, request).unchecked, SizeIs(1));
}

TEST(ToolCalls, AreNotLimitedByAChoiceThatCannotBeRead) {
  for (const char* choice : {R"({"type":"allowed_tools"})", R"({"type":"custom","custom":{}})",
                             R"({"type":"allowed_tools","allowed_tools":{"tools":[7]}})",
                             R"({"type":"allowed_tools","allowed_tools":7})"}) {
    const ChatRequest request = WithChoice(ToolChoice::Mode::kRaw, choice);
    EXPECT_EQ(CheckToolCalls({Call("read", "{}")}, request).fault, CallsFault::kNone) << choice;
    EXPECT_EQ(CheckToolCalls({}, request).fault, CallsFault::kNone) << choice;
  }
}

TEST(ToolCalls, OnlyThoseGoOutThatMay) {
  using Mode = ToolChoice::Mode;
  const std::vector<ToolCall> both = {Call("read", "{}"), Call("write", "{}")};
  const auto out = [&](const ChatRequest& request) { return OutOf(both, request); };
  EXPECT_EQ(out(WithTools()), "read, write");
  EXPECT_EQ(out(WithChoice(Mode::kRequired)), "read, write");
  EXPECT_EQ(out(WithChoice(Mode::kFunction, "write")), "write");
  EXPECT_EQ(out(WithChoice(Mode::kNone)), "");
  EXPECT_EQ(out(WithAllowed("auto", {"write"})), "write");
  ChatRequest one = WithTools();
  one.params.parallel_tool_calls = false;
  EXPECT_EQ(out(one), "read");
  EXPECT_EQ(OutOf({both[0], Call("rm", "{}")}, WithTools()), "");
}

TEST(ToolCalls, TheSameCallsHaveOneSignature) {
  const ToolCall read = Call("read", R"({"a":1,"b":[2]})");
  const ToolCall write = Call("write", "{}");
  EXPECT_EQ(SignatureOf({read, write}), SignatureOf({write, read}));
  EXPECT_EQ(SignatureOf({read}), SignatureOf({Call("read", R"({ "b": [2], "a": 1.0 })")}));
  EXPECT_NE(SignatureOf({read}), SignatureOf({read, read})) << "a multiset";
  EXPECT_NE(SignatureOf({read}), SignatureOf({Call("read", R"({"a":1,"b":[3]})")}));
  EXPECT_NE(SignatureOf({write}), SignatureOf({Call("read", "{}")}));
}

}  // namespace
}  // namespace mom
