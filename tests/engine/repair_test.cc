// Where no answer keeps its form: mostly by `select`.
#include "service/engine/repair.h"

#include "tests/engine/select_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class RepairTest : public SelectTest {
 protected:
  // Of three whose lines are not in the file.
  void NoneApplies() {
    for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(Edit(name)));
  }
};

TEST_F(RepairTest, AsksTheBestOnesModelWithTheReason) {
  NoneApplies();
  Model("a").Then(Says(Edit("    x = 1")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, Edit("    x = 1"));
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, Not(Contains(HasSubstr("no usable candidate"))));
  EXPECT_THAT(sink.answer()->notes, ElementsAre(HasSubstr("mixtures.mom.repair")));
  EXPECT_THAT(sink.answer()->candidates[0].why, HasSubstr("not in the file; asked once more"));
  const FakeCall& call = Model("a").call(1);
  EXPECT_EQ(call.context.role, CallRole::kRepair);
  const std::vector<Message>& messages = call.request->messages;
  ASSERT_EQ(messages.size(), 2u + 2u);
  EXPECT_EQ(messages[2].role, Role::kAssistant);
  EXPECT_EQ(TextOf(messages[2]), Edit("a"));
  EXPECT_EQ(messages[3].role, Role::kUser);
  EXPECT_THAT(TextOf(messages[3]),
              HasSubstr("block 1 (a.py): its SEARCH lines are not in the file"));
}

TEST_F(RepairTest, AsksWhoEditsWhereMostDoAndNotWhoOnlyTalks) {
  Model("a").Then(Says("You should rename it."));
  for (const char* name : {"b", "c"}) Model(name).Then(Says(Edit(name)));
  Model("b").Then(Says(Edit("    x = 1")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(sink.answer()->candidates[0].why, HasSubstr("it edits nothing, where most"));
}

TEST_F(RepairTest, WordsInPlaceOfAnEditAreNone) {
  NoneApplies();
  Model("a").Then(Says("I cannot see the file."));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, Edit("a"));
  EXPECT_THAT(sink.answer()->degraded_reasons,
              Contains(HasSubstr("repair of a's answer: it edits nothing")));
}

TEST_F(RepairTest, IsNotForOneBrokenEditAmongWords) {
  for (const char* name : {"a", "b"}) Model(name).Then(Says("It is a function."));
  Model("c").Then(Says(Edit("c")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "It is a function.");
}

TEST_F(RepairTest, MendsJson) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says("Sure: {}"));
  Model("a").Then(Says("{}"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "{}");
}

TEST_F(RepairTest, IsForEveryStrategyThatHasSeveralAnswers) {
  for (const char* strategy : {"race", "synthesize"}) {
    mixture.strategy = strategy;
    sink.events.clear();
    observer.records.clear();
    for (const char* name : {"a", "b", "c"}) Model(name).Then(Says("Sure: {}"));
    Model("a").Then(Says("{}"));
    ASSERT_TRUE(Run(AskForJson()).ok());
    EXPECT_EQ(sink.answer()->completion.text, "{}") << strategy;
  }
  EXPECT_TRUE(Model("critic").calls().empty());
}

TEST_F(RepairTest, ThatIsNoBetterLeavesTheBestAsItWas) {
  NoneApplies();
  Model("a").Then(Says(Edit("still not")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, Edit("a"));
  EXPECT_THAT(sink.answer()->degraded_reasons,
              Contains(HasSubstr("repair of a's answer: block 1")));
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("no usable candidate")));
  EXPECT_THAT(sink.answer()->notes, IsEmpty());
}

TEST_F(RepairTest, ThatFailsLeavesTheBestAsItWas) {
  NoneApplies();
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, Edit("a"));
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains("repair of a's answer: UPSTREAM_ERROR"));
}

TEST_F(RepairTest, OfWhatIsCutOrRefusedIsNotTried) {
  for (const char* name : {"a", "b"}) {
    Model(name).Then(FakeAnswer().Text("cut").Finish(FinishReason::kLength));
  }
  Model("c").Then(Says("I'm sorry, but I can't help with that."));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "cut");
}

TEST_F(RepairTest, IsPartOfThePlanUnlessItIsSwitchedOff) {
  mixture.tiers = {{"a"}, {"b", "c"}};
  for (const char* name : {"select", "vote", "race", "cascade"}) {
    const auto fallbacks = [&] { return FindStrategy(name)->Plan(mixture).fallbacks; };
    mixture.repair = true;
    const int with_it = fallbacks();
    mixture.repair = false;
    EXPECT_EQ(with_it, fallbacks() + 1) << name;
  }
  NoneApplies();
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(Model("a").calls().size(), 1u);
}

}  // namespace
}  // namespace mom::testing
