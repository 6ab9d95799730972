// `select` where no answer keeps its form, and one can be mended by others.
#include "service/engine/give_graft.h"

#include "tests/engine/select_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class GraftTest : public SelectTest {
 protected:
  // One that shows two files of one line, and asks for the stages.
  static RunRequest AskForTwoEdits() {
    RunRequest request = AskForAnEdit();
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    Message& files = chat->messages.back();
    files.content = {TextPart{
        "I have *added these files to the chat* so you can.\n\na.py\n```\n    x = 1\n    y = 1\n```"
        "\n\nb.py\n```\n    z = 1\n```\n"}};
    request.chat = std::move(chat);
    request.want_progress = true;
    return request;
  }

  static std::string First(const std::string& search) {
    return Edit(search, "    x = 2\n    y = 1");
  }
  static std::string Second(const std::string& search) {
    return "b.py" + Edit(search, "    z = 2").substr(4);
  }
  static constexpr char kFirst[] = "    x = 1\n    y = 1";
  static constexpr char kFirstBroken[] = "    x =1\n    y = 1";
  static constexpr char kHopeless[] = "no such line";
};

TEST_F(GraftTest, MendsTheBestWithoutACall) {
  Model("a").Then(Says("Sure:\n" + First(kFirstBroken) + Second("    z = 1") + "Done."));
  Model("b").Then(Says(Second(kHopeless) + First(kFirst)));
  Model("c").Then(Says(First(kHopeless)));
  ASSERT_TRUE(Run(AskForTwoEdits()).ok());
  const Answer& answer = *sink.answer();
  EXPECT_EQ(answer.completion.text, "Sure:\n" + First(kFirst) + Second("    z = 1") + "Done.");
  EXPECT_EQ(answer.completion.finish_reason, FinishReason::kStop);
  EXPECT_EQ(answer.answered_by, "a");
  EXPECT_THAT(answer.degraded_reasons, Not(Contains(HasSubstr("no usable candidate"))));
  for (const char* name : {"a", "b", "c"}) EXPECT_EQ(Model(name).calls().size(), 1u) << name;
}

TEST_F(GraftTest, SaysWhoseBlockWentOut) {
  Model("a").Then(Says(First(kFirstBroken) + Second("    z = 1")));
  Model("b").Then(Says(Second(kHopeless) + First(kFirst)));
  Model("c").Then(Says(First(kHopeless)));
  ASSERT_TRUE(Run(AskForTwoEdits()).ok());
  const std::string exchanged = "block 2 of candidate 2 (b) for block 1 (a.py)";
  EXPECT_THAT(sink.answer()->notes,
              ElementsAre(AllOf(HasSubstr(exchanged), HasSubstr("mixtures.mom.graft"))));
  const StageEvent stage = sink.All<StageEvent>().back();
  EXPECT_EQ(stage.name, "graft");
  EXPECT_EQ(stage.model, "a");
  EXPECT_EQ(stage.detail, exchanged);
  const std::string lost = "its SEARCH lines are not in the file";
  const std::vector<Candidate>& candidates = sink.answer()->candidates;
  EXPECT_EQ(candidates[0].why, "chosen, mended with " + exchanged +
                                   "; before: contract_broken: block 1 (a.py): " + lost);
  EXPECT_EQ(candidates[1].why, "contract_broken: block 1 (b.py): " + lost +
                                   "; went out in candidate 1 (a)'s: block 2");
  EXPECT_EQ(candidates[2].why, "contract_broken: block 1 (a.py): " + lost);
  EXPECT_EQ(candidates[0].grade, Grade::kContractBroken) << "what it gave is no better for that";
}

TEST_F(GraftTest, WhereNothingIsProvenTheModelIsAskedAgain) {
  // b has another idea of what the file should say.
  Model("a").Then(Says(First(kFirstBroken) + Second("    z = 1")));
  Model("a").Then(Says(First(kFirst)));
  Model("b").Then(Says(Second(kHopeless) + Edit(kFirst, "    x = 3\n    y = 1")));
  Model("c").Then(Says(First(kHopeless)));
  ASSERT_TRUE(Run(AskForTwoEdits()).ok());
  EXPECT_EQ(sink.answer()->completion.text, First(kFirst));
  EXPECT_EQ(Model("a").call(1).context.role, CallRole::kRepair);
}

TEST_F(GraftTest, IsNotMadeOfWhatWasCut) {
  mixture.repair = false;
  Model("a").Then(Says(First(kFirstBroken) + Second("    z = 1")));
  Model("b").Then(FakeAnswer().Text(First(kFirst) + "b.py").Finish(FinishReason::kLength));
  Model("c").Then(Says(First(kHopeless)));
  ASSERT_TRUE(Run(AskForTwoEdits()).ok());
  EXPECT_EQ(sink.answer()->completion.text, First(kFirstBroken) + Second("    z = 1"));
  EXPECT_TRUE(sink.answer()->degraded());
}

TEST_F(GraftTest, CanBeSwitchedOff) {
  mixture.graft = false;
  mixture.repair = false;
  Model("a").Then(Says(First(kFirstBroken) + Second("    z = 1")));
  Model("b").Then(Says(Second(kHopeless) + First(kFirst)));
  Model("c").Then(Says(First(kHopeless)));
  ASSERT_TRUE(Run(AskForTwoEdits()).ok());
  EXPECT_EQ(sink.answer()->completion.text, First(kFirstBroken) + Second("    z = 1"));
  EXPECT_THAT(sink.answer()->notes, IsEmpty());
}

}  // namespace
}  // namespace mom::testing
