// `select` with a judge.
#include "service/engine/judge.h"

#include "service/engine/critic_reserve.h"
#include "tests/engine/select_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class JudgeTest : public SelectTest {
 protected:
  JudgeTest() {
    mixture.judge = "critic";
    mixture.quorum = 3;
  }

  // Edits that all apply, and come to files of their own.
  void AllDiffer() {
    for (const char* name : {"a", "b", "c"}) {
      Model(name).Then(Says(Edit("    x = 1", std::string("    x = ") + name)));
    }
  }
  // How often the judge names A, B: in the order of the calls, which show for each other answer
  // first the best one as A, then that one as B.
  void Judges(std::initializer_list<const char*> says) {
    for (const char* one : says) Model("critic").Then(Says(one));
  }
  std::string JudgeStage() const {
    for (const StageEvent& stage : observer.records.back()->stages) {
      if (stage.name == "judge") return stage.detail;
    }
    return "";
  }
  std::size_t JudgeCallsMade() { return Model("critic").calls().size(); }
};

TEST_F(JudgeTest, WhoWinsInBothOrdersWins) {
  AllDiffer();
  Judges({"A", "B", "B", "A"});
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "c");
  EXPECT_EQ(sink.answer()->completion.text, Edit("    x = 1", "    x = c"));
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_EQ(JudgeStage(), "of a, b, c: c, preferred to a's in both orders");
  EXPECT_EQ(sink.answer()->candidates[2].why, "chosen: preferred to a's in both orders");
  EXPECT_THAT(sink.answer()->candidates[0].why, HasSubstr("of c's, which went out"));
}

TEST_F(JudgeTest, WhomTheConversationDoesNotFitIsNotAsked) {
  models["critic"].context_window = 10;
  AllDiffer();
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(JudgeCallsMade(), 0u);
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre("judge critic: CONTEXT_LENGTH_EXCEEDED"));
}

TEST_F(JudgeTest, TheShapeOfTheClientsAnswerIsNotTheJudges) {
  AllDiffer();
  Judges({"A", "B", "B", "A"});
  RunRequest request = AskForAnEdit();
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->extra_body = {{"guided_json", "{}"}, {"max_tokens", "1"}, {"provider", "{}"}};
  request.chat = chat;
  ASSERT_TRUE(Run(std::move(request)).ok());
  const auto& kept = Model("critic").call(0).request->extra_body;
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(kept[0].first, "provider");
  EXPECT_EQ(Model("a").call(0).request->extra_body.size(), 3u);
}

TEST_F(JudgeTest, OfSeveralWhoWinTheFirstDoes) {
  AllDiffer();
  Judges({"B", "A", "B", "A"});
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(JudgeTest, WhereTheOrdersDisagreeTheOrderOfMembersHolds) {
  AllDiffer();
  Judges({"B", "B", "A", "A"});
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_EQ(JudgeStage(), "of a, b, c: a, no other is preferred to it in both orders");
}

TEST_F(JudgeTest, ThatFailsCostsNoAnswer) {
  AllDiffer();
  Model("critic").Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("judge critic: UPSTREAM_ERROR"));
  EXPECT_THAT(JudgeStage(), HasSubstr("the judge failed"));
}

TEST_F(JudgeTest, ThatNamesNoDraftCostsNoAnswer) {
  AllDiffer();
  Model("critic").Always(FakeAnswer().Text("A good question, for " + std::string(50, 'b')).Hang());
  ASSERT_TRUE(Run(AskForAnEdit()).ok()) << "it is not read to its end";
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("judge critic: it named no draft"));
}

TEST_F(JudgeTest, OnceItHasFailedItsOtherCallsAreStopped) {
  AllDiffer();
  Model("critic").Then(Says("Hm.")).Always(FakeAnswer().Hang());
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("judge critic: it named no draft"));
  for (std::size_t i = 1; i < 4; ++i) EXPECT_TRUE(Model("critic").call(i).cancelled) << i;
}

TEST_F(JudgeTest, ThatIsLateCostsNoAnswer) {
  mixture.timeout = std::chrono::milliseconds(200);
  AllDiffer();
  Model("critic").Always(FakeAnswer().Hang());
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("judge critic: DEADLINE"));
}

TEST_F(JudgeTest, IsNotWaitedForWhereItCanChangeNothingMore) {
  Model("a").Then(Says(Edit("    x = 1")));
  Model("b").Then(Says(Edit("    x = 1", "    x = 3")));
  Model("c").Then(Says("Which file?"));
  Model("critic").Then(Says("A")).Then(FakeAnswer().Hang());
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(JudgeCallsMade(), 2u);
}

TEST_F(JudgeTest, SeesTheConversationAsItIsAndBothOrders) {
  Model("a").Then(Says(Edit("    x = 1")));
  Model("b").Then(Says(Edit("    x = 1", "    x = 3")));
  Model("c").Then(Says("Which file?"));
  Judges({"B", "A"});
  RunRequest request = AskForAnEdit();
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->params.stop = {"\n"};
  chat->params.max_output_tokens = 5;
  Tool tool;
  tool.name = "look";
  chat->tools.push_back(tool);
  request.chat = chat;
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  ASSERT_EQ(JudgeCallsMade(), 2u);
  std::vector<std::string> tails;
  for (const auto& call : Model("critic").calls()) {
    const ChatRequest& asked = *call->request;
    ASSERT_EQ(asked.messages.size(), chat->messages.size() + 1);
    for (std::size_t i = 0; i < chat->messages.size(); ++i) {
      EXPECT_EQ(TextOf(asked.messages[i]), TextOf(chat->messages[i]));
    }
    EXPECT_EQ(asked.tools.size(), 1u);
    EXPECT_EQ(asked.tool_choice->mode, ToolChoice::Mode::kNone);
    EXPECT_THAT(asked.params.stop, IsEmpty());
    EXPECT_GT(asked.params.max_output_tokens, 5);
    EXPECT_EQ(call->context.role, CallRole::kJudge);
    tails.push_back(TextOf(asked.messages.back()));
    EXPECT_THAT(tails.back(), Not(HasSubstr("draft a")));
  }
  EXPECT_LT(tails[0].find("x = 2"), tails[0].find("x = 3"));
  EXPECT_GT(tails[1].find("x = 2"), tails[1].find("x = 3"));
}

TEST_F(JudgeTest, IsNotAskedWhereAScoreIsClearlyBetter) {
  Model("a").Then(Says(Edit("  x = 1")));
  Model("b").Then(Says(Edit("    x = 1")));
  Model("c").Then(Says("Which file?"));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(JudgeCallsMade(), 0u);
}

TEST_F(JudgeTest, IsNotAskedWhereAllComeToTheSame) {
  Model("a").Then(Says("One way:\n" + Edit("    x = 1")));
  Model("b").Then(Says(Edit("    x = 1") + "That is it."));
  Model("c").Then(Says("Which file?"));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(JudgeCallsMade(), 0u);
}

TEST_F(JudgeTest, MoreThanHalfWhoAgreeNeedNone) {
  Model("a").Then(Says(Edit("    x = 1", "    x = 3")));
  Model("b").Then(Says(Edit("    x = 1")));
  Model("c").Then(Says("So:\n" + Edit("    x = 1")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(JudgeCallsMade(), 0u);
  EXPECT_EQ(sink.answer()->candidates[1].why, "chosen: 2 of 3 come to the same");
  EXPECT_EQ(sink.answer()->candidates[2].why, "comes to the same as b's, which went out");
}

TEST_F(JudgeTest, WaitsForNobodyOnceMoreThanHalfAgree) {
  AsyncEvent never(context.get_executor());
  Model("a").Then(FakeAnswer().Wait(never).Finish());
  Model("b").Then(Says(Edit("    x = 1")));
  Model("c").Then(Says(Edit("    x = 1")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(JudgeCallsMade(), 0u);
}

TEST_F(JudgeTest, WaitsForWhoCouldBeARival) {
  AsyncEvent gate(context.get_executor());
  Model("a").Then(Says(Edit("    x = 1")));
  Model("b").Then(FakeAnswer().Wait(gate).Text(Edit("    x = 1", "    x = 3")).Finish());
  Model("c").Then(Says("Which file?"));
  Judges({"B", "A"});
  MakeEngine();
  asio::co_spawn(context, engine->Run(AskForAnEdit(), http, sink),
                 [](std::exception_ptr, Status) {});
  context.poll();
  EXPECT_EQ(sink.answer(), nullptr);
  gate.Set();
  context.restart();
  context.run();
  ASSERT_NE(sink.answer(), nullptr);
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(JudgeTest, IsPartOfThePlan) {
  const auto calls = [&] { return FindStrategy("select")->Plan(mixture).calls; };
  EXPECT_EQ(calls(), 3 + 4);
  mixture.members = {"a", "b"};
  EXPECT_EQ(calls(), 2 + 2);
  mixture.members = {"a"};
  EXPECT_EQ(calls(), 1);
  mixture.members = {"a", "b", "c", "crit2"};
  EXPECT_EQ(calls(), 4 + 4);
  mixture.judge.clear();
  EXPECT_EQ(calls(), 4);
}

TEST(NamedDraft, TakesALabelAndNothingElse) {
  for (const char* text :
       {"A", " a\n", "**A**", "A.", "Draft A", "\"A\"", "A\n\nAs it is shorter", "Answer: A",
        "The better answer is A: it applies", "The best draft is draft A."}) {
    EXPECT_EQ(NamedDraft(text), 0u) << text;
  }
  for (const char* text : {"B", "(b)", "draft B.", "`B`: it applies", "The better answer is B",
                           "**Answer:** B", "Final answer: **B**", "The better one is: B"}) {
    EXPECT_EQ(NamedDraft(text), 1u) << text;
  }
  for (const char* text :
       {"", "  ", "C", "A good answer is B", "Both", "I prefer A", "AB", "2", "Answer: A and B",
        "The better answer is not A", "The better answer is a matter of taste",
        "The better answer is A or B", "Answer: both"}) {
    EXPECT_EQ(NamedDraft(text), std::nullopt) << text;
  }
}

TEST(JudgeReserve, IsWhatItLearntAndATenthAtMost) {
  Pace pace;
  EXPECT_EQ(JudgeReserve(seconds(300), pace), seconds(10));
  EXPECT_EQ(JudgeReserve(seconds(50), pace), seconds(5));
  EXPECT_EQ(JudgeReserve(seconds(-1), pace), seconds(0));
  for (int i = 0; i < 20; ++i) pace.Add(Pace::Of::kJudgement, seconds(4));
  EXPECT_EQ(JudgeReserve(seconds(300), pace), seconds(4));
  for (int i = 0; i < 100; ++i) pace.Add(Pace::Of::kJudgement, seconds(0));
  EXPECT_EQ(JudgeReserve(seconds(300), pace), seconds(1));
}

}  // namespace
}  // namespace mom::testing
