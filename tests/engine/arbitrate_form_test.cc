// `arbitrate` where words must keep a form.
#include "tests/engine/arbitrate_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class FormTest : public ArbitrateTest {
 protected:
  static RunRequest ForJson(RunRequest request) {
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
    request.chat = std::move(chat);
    return request;
  }
  static RunRequest AskForJson() { return ForJson(AskWithTools()); }
};

TEST_F(FormTest, WordsThatWinAreSelectedAndNotWrittenAnew) {
  Model("a").Then(Says(R"({"n":1})"));
  Model("b").Then(Says(R"({"n":2})"));
  Model("c").Then(Says(R"({ "n": 2 })"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n":2})");
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(sink.answer()->candidates[1].why, "chosen: 2 of 3 come to the same");
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(FormTest, TheJudgeChoosesWhereAllDiffer) {
  mixture.judge = "critic";
  Model("a").Then(Says(R"({"n":1})"));
  Model("b").Then(Says(R"({"n":2})"));
  Model("c").Then(Calls("read"));
  Model("critic").Then(Says("B")).Then(Says("A"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n":2})");
  EXPECT_EQ(Model("critic").call(0).context.role, CallRole::kJudge);
}

TEST_F(FormTest, ACallIsNoRivalOfWordsThatWin) {
  Model("a").Then(Calls("read"));
  Model("b").Then(Says(R"({"n":1})"));
  Model("c").Then(Says(R"({"n":2})"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n":1})");
}

TEST_F(FormTest, AnArbitersWordsMustKeepIt) {
  Model("a").Then(Says(R"({"n":1})"));
  Model("b").Then(Calls("read"));
  Model("c").Then(FakeAnswer().Fail(kDown));
  Model("critic").Then(Says("It is one."));
  Model("crit2").Then(Says(R"({"n":3})"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n":3})");
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("arbiter critic: ")));
}

TEST_F(FormTest, TheActingMembersWordsMustKeepItElseTheOthersAreAsked) {
  Model("b").Then(Says("It is one."));
  Model("a").Then(Says(R"({"n":1})"));
  Model("c").Then(Says(R"({"n":1})"));
  ASSERT_TRUE(Run(ForJson(Continue("b"))).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n":1})");
  EXPECT_EQ(sink.Text(), R"({"n":1})") << "nothing of the other went out";
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("member b: contract_broken")));
}

TEST_F(FormTest, TheActingMembersWordsThatKeepItGoOutWhole) {
  Model("b").Then(FakeAnswer().Text(R"({"n")").Text(":1}").Finish());
  ASSERT_TRUE(Run(ForJson(Continue("b"))).ok());
  EXPECT_EQ(sink.All<DeltaEvent>().size(), 1u) << "held";
  EXPECT_EQ(sink.Text(), R"({"n":1})");
  EXPECT_THAT(sink.answer()->degraded_reasons, IsEmpty());
}

TEST_F(FormTest, TheActingMembersCallsNeedNoForm) {
  Model("b").Then(FakeAnswer().Text("I read on.").Call(0, "x", "read", "{}").Finish());
  ASSERT_TRUE(Run(ForJson(Continue("b"))).ok());
  EXPECT_EQ(Emitted().at(0).name, "read");
  EXPECT_EQ(sink.answer()->completion.text, "I read on.");
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(FormTest, NoRequestCostsMoreThanThePlan) {
  mixture.judge = "critic";
  Model("critic").Always(Says("neither"));
  for (const char* name : {"a", "b", "c"}) {
    Model(name).Then(Says(std::string(R"({"by":")") + name + "\"}"));
  }
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(static_cast<int>(observer.records.at(0)->attempts().size()),
            ArbitrateStrategy().Plan(mixture).calls);
}

}  // namespace
}  // namespace mom::testing
