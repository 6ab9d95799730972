#include "service/engine/cascade.h"

#include "tests/engine/select_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Member a first, then b and c.
class CascadeTest : public EngineTest {
 protected:
  CascadeTest() {
    mixture.strategy = "cascade";
    mixture.tiers = {{"a"}, {"b", "c"}};
    mixture.critic_fallbacks.clear();
    mixture.judge = "critic";
  }

  static RunRequest AskForJson() {
    RunRequest request = AskStreaming("question");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
    request.chat = std::move(chat);
    return request;
  }

  std::vector<std::string> Gates() const {
    std::vector<std::string> gates;
    for (const StageEvent& stage : sink.All<StageEvent>()) {
      if (stage.name == "gate") gates.push_back(stage.model + " " + stage.detail);
    }
    return gates;
  }
};

TEST_F(CascadeTest, ProseThatTheJudgeFindsGoodGoesOutAtOnce) {
  Model("a").Then(Says("It is."));
  Model("critic").Then(Says("Yes."));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "It is.");
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_THAT(Gates(), ElementsAre("a passes: the judge critic says yes"));
  EXPECT_EQ(sink.answer()->candidates[0].why, "chosen: the judge critic says yes");
  EXPECT_THAT(Model("b").calls(), IsEmpty());
  EXPECT_THAT(TextOf(Model("critic").call(0).request->messages.back()), HasSubstr("It is."));
}

TEST_F(CascadeTest, ElseTheNextTierIsAskedAndItsAnswerGoesOutUnchecked) {
  Model("a").Then(Says("Is it?"));
  Model("b").Then(Says("It is, says b."));
  Model("c").Then(Says("It is, says c."));
  Model("critic").Then(Says("No."));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "It is, says b.");
  EXPECT_THAT(Gates(), ElementsAre("a asks the next tier: the judge critic says no"));
  EXPECT_EQ(Model("critic").calls().size(), 1u);
  EXPECT_EQ(sink.answer()->candidates.size(), 3u);
  EXPECT_EQ(sink.answer()->candidates[2].number, 3);
}

TEST_F(CascadeTest, WhereThatFailsTheOneHeldBackGoesOutAndSaysWhy) {
  Model("a").Then(Says("Is it?"));
  for (const char* name : {"b", "c"}) {
    Model(name).Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  }
  Model("critic").Then(Says("No."));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "Is it?");
  EXPECT_EQ(sink.answer()->candidates[0].why,
            "chosen at last; usable, and the next tier was asked: the judge critic says no");
}

TEST_F(CascadeTest, AJudgeThatFailsOrSaysNeitherDoesNotPass) {
  mixture.tiers = {{"a"}, {"b"}, {"c"}};
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(std::string("from ") + name));
  Model("critic").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("critic").Then(Says("Well..."));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "from c");
  EXPECT_THAT(Gates(),
              ElementsAre("a asks the next tier: the judge critic failed",
                          "b asks the next tier: the judge critic says neither yes nor no"));
}

TEST_F(CascadeTest, AJudgeWhomTheConversationDoesNotFitIsNotAsked) {
  models["critic"].context_window = 1;
  Model("a").Then(Says("from a"));
  Model("b").Then(Says("from b"));
  Model("c").Then(Says("from c"));
  ASSERT_TRUE(Run(AskStreaming("a question of many words")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(Gates(), ElementsAre(HasSubstr("too long for the judge critic")));
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(CascadeTest, WithoutAJudgeProsePasses) {
  mixture.judge.clear();
  Model("a").Then(Says("It is."));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
}

TEST_F(CascadeTest, WhatKeepsItsFormNeedsNoJudge) {
  Model("a").Then(Says("{\"a\": 1}"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "{\"a\": 1}");
  EXPECT_THAT(Gates(), ElementsAre("a passes: it keeps its form"));
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(CascadeTest, WhatBreaksItsFormAsksTheNextTier) {
  Model("a").Then(Says("Sure: {}"));
  Model("b").Then(Says("{\"b\": 1}"));
  Model("c").Then(Says("no"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "{\"b\": 1}");
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(CascadeTest, WhereNoTierKeepsTheFormTheBestOnesModelIsAskedOnceMore) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says("prose"));
  Model("a").Then(Says("{}"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "{}");
  EXPECT_EQ(Model("a").call(1).context.role, CallRole::kRepair);
}

TEST_F(CascadeTest, WhereNoTierKeepsTheFormTheBestDraftGoesOutDegraded) {
  mixture.repair = false;
  Model("a").Then(Says("from a"));
  Model("b").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("c").Then(FakeAnswer().Text("cut").Finish(FinishReason::kLength));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "from a") << "an earlier draft is used again";
  EXPECT_TRUE(sink.answer()->degraded());
}

TEST_F(CascadeTest, WhereNobodyAnswersTheRequestFails) {
  for (const char* name : {"a", "b", "c"}) {
    Model(name).Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  }
  EXPECT_EQ(GetErrorInfo(Run(AskStreaming("question"))).reason, reason::kAllMembersFailed);
}

TEST_F(CascadeTest, ATierWhoseMembersTheRequestLeavesOutIsPassedOver) {
  Model("b").Then(Says("from b"));
  Model("c").Then(Says("from c"));
  RunRequest request = AskStreaming("question");
  request.members = {"b", "c"};
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(Model("critic").calls(), IsEmpty()) << "it is the last tier";
}

class CascadeEditTest : public SelectTest {};

TEST_F(CascadeEditTest, WordsAreNoAnswerWhereMostEdit) {
  mixture.strategy = "cascade";
  mixture.tiers = {{"a"}, {"b", "c"}};
  Model("a").Then(Says(Edit("y = 1")));
  Model("b").Then(Says("I would change x."));
  Model("c").Then(Says(Edit("z = 1")));
  Model("a").Then(Says(Edit("    x = 1")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, Edit("    x = 1"));
  EXPECT_EQ(Model("a").call(1).context.role, CallRole::kRepair);
}

TEST_F(CascadeEditTest, WordsAskTheNextTierAndAreTheLastChoice) {
  mixture.strategy = "cascade";
  mixture.tiers = {{"a"}, {"b", "c"}};
  mixture.judge.clear();
  Model("a").Then(Says("I would change x."));
  Model("b").Then(Says(Edit("    x = 1")));
  Model("c").Then(Says("So would I."));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(sink.answer()->candidates[0].why,
            "usable, and the next tier was asked: it edits nothing");
}

TEST_F(CascadeTest, TwoThatAgreeOnAClosedAnswerPass) {
  mixture.tiers = {{"a", "b"}, {"c"}};
  Model("a").Then(Says("**Yes**"));
  Model("b").Then(Says("yes"));
  ASSERT_TRUE(Run(AskStreaming("Is 7 a prime? Answer only yes or no.")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "yes");
  EXPECT_THAT(Gates(), ElementsAre("b passes: 2 of 2 members agree on it"));
  EXPECT_THAT(Model("c").calls(), IsEmpty());
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
}

TEST_F(CascadeTest, WhereTheyDisagreeTheNextTierDecidesWithTheirDrafts) {
  mixture.tiers = {{"a", "b"}, {"c"}};
  Model("a").Then(Says("yes"));
  Model("b").Then(Says("no"));
  Model("c").Then(Says("The answer is no."));
  ASSERT_TRUE(Run(AskStreaming("Is 8 a prime? Answer only yes or no.")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b") << "the earlier draft, now that two agree";
  EXPECT_THAT(Gates(), ElementsAre("a asks the next tier: no two members agree"));
}

}  // namespace
}  // namespace mom::testing
