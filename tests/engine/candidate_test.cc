#include "service/engine/candidate.h"

#include <gtest/gtest.h>

#include <memory>

namespace mom {
namespace {

Completion Text(const std::string& text, FinishReason reason = FinishReason::kStop) {
  Completion completion;
  completion.text = text;
  completion.finish_reason = reason;
  return completion;
}

Completion Call(const std::string& name, const std::string& arguments) {
  Completion completion;
  ToolCall call;
  call.name = name;
  call.arguments_json = arguments;
  completion.tool_calls.push_back(call);
  completion.finish_reason = FinishReason::kToolCalls;
  return completion;
}

ChatRequest WithTool() {
  ChatRequest request;
  Tool tool;
  tool.name = "read";
  request.tools.push_back(tool);
  return request;
}

Grade GradeOf(const Completion& completion, const ChatRequest& request) {
  ToolRules rules(std::make_shared<ChatRequest>(request));
  return GradeOf(completion, rules.Judge(completion.tool_calls));
}

TEST(Grade, FollowsTheEndOfTheAnswer) {
  const ChatRequest plain;
  EXPECT_EQ(GradeOf(Text("Paris"), plain), Grade::kUsable);
  EXPECT_EQ(GradeOf(Text(" \n"), plain), Grade::kFailed);
  EXPECT_EQ(GradeOf(Text(""), plain), Grade::kFailed);
  EXPECT_EQ(GradeOf(Text("Par", FinishReason::kLength), plain), Grade::kCut);
  EXPECT_EQ(GradeOf(Text("\n", FinishReason::kLength), plain), Grade::kCut);
  EXPECT_EQ(GradeOf(Text("", FinishReason::kLength), plain), Grade::kFailed);
  EXPECT_EQ(GradeOf(Text("", FinishReason::kContentFilter), plain), Grade::kRefused);
  EXPECT_EQ(GradeOf(Text("I'm sorry, but I can\xe2\x80\x99t help with that."), plain),
            Grade::kRefused);
  Completion refusal = Text("");
  refusal.refusal = "No.";
  EXPECT_EQ(GradeOf(refusal, plain), Grade::kRefused);
}

TEST(Grade, ToolCallsMustBeDeclaredAndHaveAnObject) {
  EXPECT_EQ(GradeOf(Call("read", R"({"path":"a"})"), WithTool()), Grade::kUsable);
  EXPECT_EQ(GradeOf(Call("write", R"({})"), WithTool()), Grade::kFailed);
  EXPECT_EQ(GradeOf(Call("read", R"({"path":)"), WithTool()), Grade::kFailed);
  EXPECT_EQ(GradeOf(Call("read", R"([1])"), WithTool()), Grade::kFailed);
  EXPECT_EQ(GradeOf(Call("read", "{}"), ChatRequest()), Grade::kFailed);
  Completion told = Call("read", R"({"path":)");
  told.text = "I read it.";
  EXPECT_EQ(GradeOf(told, WithTool()), Grade::kContractBroken);
}

TEST(Grade, ToolChoiceAndParallelCallsAreKept) {
  ChatRequest none = WithTool();
  none.tool_choice.emplace();
  none.tool_choice->mode = ToolChoice::Mode::kNone;
  EXPECT_EQ(GradeOf(Call("read", "{}"), none), Grade::kFailed) << "nothing of it may go out";
  Completion both = Call("read", "{}");
  both.text = "text";
  EXPECT_EQ(GradeOf(both, none), Grade::kContractBroken);
  EXPECT_EQ(GradeOf(Text("text"), none), Grade::kUsable);
  ChatRequest required = WithTool();
  required.tool_choice.emplace();
  required.tool_choice->mode = ToolChoice::Mode::kRequired;
  EXPECT_EQ(GradeOf(Call("read", "{}"), required), Grade::kUsable);
  EXPECT_EQ(GradeOf(Text("text"), required), Grade::kContractBroken);
  ChatRequest one = WithTool();
  one.params.parallel_tool_calls = false;
  Completion two = Call("read", "{}");
  two.tool_calls.push_back(two.tool_calls[0]);
  EXPECT_EQ(GradeOf(two, one), Grade::kContractBroken);
  Completion half = Call("read", "{\"pa");
  half.finish_reason = FinishReason::kLength;
  EXPECT_EQ(GradeOf(half, WithTool()), Grade::kFailed);
}

TEST(Grade, ALongTextThatQuotesARefusalIsNone) {
  EXPECT_FALSE(
      LooksLikeRefusal("Models often say \"I can't help with that\". " + std::string(700, 'x')));
  EXPECT_TRUE(LooksLikeRefusal("I cannot assist with this request."));
  EXPECT_FALSE(LooksLikeRefusal("You can't divide by zero."));
}

}  // namespace
}  // namespace mom
