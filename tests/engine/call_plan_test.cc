// No request makes more calls than its strategy's plan says.
#include "service/base/reasons.h"
#include "service/engine/choose_strategy.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

class CallPlanTest : public EngineTest {
 protected:
  CallPlanTest() { retry = RetryConfig{10, milliseconds(0), milliseconds(0)}; }

  void Fails(const std::string& name) {
    Model(name).Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamOverloaded));
  }
  // Calls made of a, b, c, critic and crit2.
  std::vector<int> Calls() {
    std::vector<int> made;
    for (const char* name : {"a", "b", "c", "critic", "crit2"}) {
      made.push_back(static_cast<int>(Model(name).calls().size()));
    }
    return made;
  }
  CallPlan Plan() const { return PlanOf(mixture); }
};

TEST_F(CallPlanTest, OfSynthesizeHasTheMembersTheCriticAndItsFallbacks) {
  mixture.strategy = "synthesize";
  EXPECT_EQ(Plan().calls, 4);
  EXPECT_EQ(Plan().fallbacks, 1);
  EXPECT_EQ(Plan().most(), 4 + 1 + 3);
}

TEST_F(CallPlanTest, OfOneMemberIsThatOfSingle) {
  mixture.members = {"a"};
  for (const char* name :
       {"auto", "synthesize", "select", "arbitrate", "vote", "race", "cascade", "single"}) {
    mixture.strategy = name;
    EXPECT_EQ(Plan().calls, 1) << name;
    EXPECT_EQ(Plan().fallbacks, 1) << name << ": a repair";
  }
}

TEST_F(CallPlanTest, CountsAnAnalysisInACallOfItsOwn) {
  mixture.strategy = "synthesize";
  mixture.analysis = "separate";
  EXPECT_EQ(Plan().calls, 5);
  AllMembersSay("draft");
  Model("critic").Then(Says("{}"));
  Fails("critic");
  Fails("crit2");
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 2, 1 + 3));
  EXPECT_EQ(observer.records.back()->attempts().size(), static_cast<std::size_t>(Plan().most()));
  mixture.analysis = "inline";
  EXPECT_EQ(Plan().calls, 4);
}

TEST_F(CallPlanTest, AnAnalysisIsNotTriedAgainNorItsCriticWhereThereIsAnother) {
  mixture.analysis = "separate";
  AllMembersSay("draft");
  Fails("critic");
  Model("crit2").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 1));
}

TEST_F(CallPlanTest, OfAutoIsTheLargestOfWhatItMayChoose) {
  ASSERT_EQ(mixture.strategy, kAuto);
  const CallPlan plan = Plan();
  for (const char* name : {"single", "select", "vote", "synthesize", "arbitrate"}) {
    mixture.strategy = name;
    EXPECT_LE(Plan().most(), plan.most()) << name;
  }
  mixture.strategy = "arbitrate";
  EXPECT_EQ(Plan().most(), plan.most());
  mixture.strategy = kAuto;
  mixture.critic.clear();
  mixture.critic_fallbacks.clear();
  mixture.side_model = "crit2";
  EXPECT_GE(Plan().most(), 1 + 3 + 3) << "a side call, and its fallbacks";
}

TEST_F(CallPlanTest, OfArbitrateHasWhatFollowsAVoteAndOneMoreWord) {
  mixture.strategy = "arbitrate";
  EXPECT_EQ(Plan().calls, 3 + 1);
  EXPECT_EQ(Plan().fallbacks, 1 + 1);
  mixture.judge = "critic";
  EXPECT_EQ(Plan().calls, 3 + 4) << "words that must keep a form are judged";
}

TEST_F(CallPlanTest, OfVoteAndRaceHasTheMembers) {
  for (const char* name : {"vote", "race"}) {
    mixture.strategy = name;
    EXPECT_EQ(Plan().calls, 3) << name;
    EXPECT_EQ(Plan().fallbacks, 1) << name << ": a repair";
  }
}

TEST_F(CallPlanTest, OfCascadeHasTheFirstTierAndItsCheckThenTheOthers) {
  mixture.strategy = "cascade";
  mixture.judge = "critic";
  mixture.tiers = {{"a"}, {"b", "c"}};
  EXPECT_EQ(Plan().calls, 1 + 1);
  EXPECT_EQ(Plan().fallbacks, 2 + 1) << "the second tier, and a repair";
  mixture.judge.clear();
  EXPECT_EQ(Plan().calls, 1);
  EXPECT_EQ(Plan().fallbacks, 2 + 1);
  mixture.tiers = {{"a"}, {"b"}, {"c"}};
  mixture.judge = "critic";
  EXPECT_EQ(Plan().most(), 3 + 2 + 1 + 3);
}

TEST_F(CallPlanTest, OfSelfHasTheSamplesAndWhatFollows) {
  mixture.strategy = "self";
  mixture.members = {"a"};
  EXPECT_EQ(Plan().calls, 5 + 1);
  EXPECT_EQ(Plan().fallbacks, 1 + 1) << "the critic's, and one more where tools are called";
}

TEST_F(CallPlanTest, IsReachedWhereEveryCriticFails) {
  AllMembersSay("draft");
  Fails("critic");
  Fails("crit2");
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "draft a");
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 1 + 3));
}

TEST_F(CallPlanTest, ACriticThatTheRequestTakesFromTheFallbacksIsAskedOnce) {
  retry.reset();
  AllMembersSay("draft");
  Model("crit2").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  RunRequest request = Ask("question");
  request.critic = "crit2";
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->completion.text, "draft a");
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 0, 1));
}

TEST_F(CallPlanTest, RetriesAreSharedByTheMembers) {
  for (const char* name : {"a", "b", "c"}) Fails(name);
  EXPECT_FALSE(Run(Ask("question")).ok());
  EXPECT_EQ(observer.records.back()->attempts().size(), 3u + 3u);
}

TEST_F(CallPlanTest, OfSingleHasTheOtherMembersAsFallbacks) {
  mixture.strategy = "single";
  EXPECT_EQ(Plan().calls, 1);
  EXPECT_EQ(Plan().fallbacks, 3) << "a repair at last";
  mixture.repair = false;
  EXPECT_EQ(Plan().fallbacks, 2);
  Fails("a");
  Fails("b");
  for (int i = 0; i < 3; ++i) {
    Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  }
  Model("c").Then(Says("at last"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "at last");
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1 + 3, 0, 0));
  EXPECT_EQ(observer.records.back()->attempts().size(), static_cast<std::size_t>(Plan().most()));
}

}  // namespace
}  // namespace mom::testing
