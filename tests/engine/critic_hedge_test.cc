// A critic that is late has another one asked beside it.
#include "service/base/reasons.h"
#include "service/engine/hedge_budget.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class CriticHedgeTest : public EngineTest {
 protected:
  CriticHedgeTest() { AllMembersSay("draft"); }

  // Makes the engine, which knows a critic that usually begins at once, so that it is late as soon
  // as it waits for anything; and has `tokens` for hedges.
  void MakeEngineThatHedges(int tokens = 1) {
    MakeEngine();
    Pace& pace = *engine->paces().Get("critic");
    for (int i = 0; i < 20; ++i) pace.Add(Pace::Of::kCriticStart, Pace::Duration(1));
    for (int i = 0; i < tokens; ++i) pace.hedges().OnCall(1);
  }
  void End() {
    context.restart();
    context.run();
    ASSERT_EQ(observer.records.size(), 1u);
    ExpectNothingOpen();
  }
  // "model: how it ended", of the calls as a critic.
  std::vector<std::string> CriticCalls() const {
    std::vector<std::string> calls;
    for (const Attempt& attempt : observer.records.at(0)->attempts()) {
      if (attempt.role != CallRole::kCritic) continue;
      const bool was_cancelled = attempt.status.code() == StatusCode::kCancelled;
      calls.push_back(attempt.model + (attempt.status.ok() ? ": ok"
                                       : was_cancelled     ? ": cancelled"
                                                           : ": failed"));
    }
    return calls;
  }
  std::vector<std::string> Stages() const {
    std::vector<std::string> stages;
    for (const StageEvent& event : sink.All<StageEvent>()) stages.push_back(event.name);
    return stages;
  }

  AsyncEvent gate_{context.get_executor()};
};

TEST_F(CriticHedgeTest, TheNextOneIsAskedBesideItAndWritesTheAnswer) {
  Model("critic").Then(FakeAnswer().Reasoning("hm").Hang());
  Model("crit2").Then(FakeAnswer().Text("fi").Text("nal").Finish());
  MakeEngineThatHedges();
  Begin(AskStreaming("question"));
  End();
  EXPECT_EQ(sink.Text(), "final");
  EXPECT_EQ(sink.answer()->answered_by, "crit2");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_THAT(sink.answer()->notes, ElementsAre(HasSubstr("mixtures.mom.critic_hedge")));
  EXPECT_THAT(CriticCalls(), ElementsAre("critic: cancelled", "crit2: ok"));
  EXPECT_THAT(Stages(),
              ElementsAre("strategy", "members", "quorum", "gathered", "critic", "critic_hedge"));
}

TEST_F(CriticHedgeTest, TheLateOneGoesOnAndIsPassedOnWhereItBeginsFirst) {
  Model("critic").Then(FakeAnswer().Wait(gate_).Text("fi").Text("nal").Finish());
  Model("crit2").Then(FakeAnswer().Text("half").Hang());
  MakeEngineThatHedges();
  Begin(AskStreaming("question"));
  gate_.Set();
  End();
  EXPECT_EQ(sink.Text(), "final");
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_THAT(sink.answer()->notes, IsEmpty());
  EXPECT_THAT(CriticCalls(), ElementsAre("critic: ok", "crit2: cancelled"));
}

TEST_F(CriticHedgeTest, WhereTheAnswerIsHeldWhoeverIsWholeFirstWins) {
  Model("critic").Then(FakeAnswer().Wait(gate_).Text("late").Finish());
  Model("crit2").Then(FakeAnswer().Text("fi").Text("nal").Finish());
  MakeEngineThatHedges();
  Begin(Ask("question"));
  End();
  EXPECT_EQ(sink.answer()->completion.text, "final");
}

TEST_F(CriticHedgeTest, NobodyIsAskedBesideOneThatHasBegun) {
  Model("critic").Then(FakeAnswer().Text("fi").Wait(gate_).Text("nal").Finish());
  MakeEngineThatHedges();
  Begin(Ask("question"));
  gate_.Set();
  End();
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_THAT(Model("crit2").calls(), IsEmpty());
}

TEST_F(CriticHedgeTest, NeverAfterTheCommitPoint) {
  Model("critic").Then(FakeAnswer().Text("fi").Text("nal").Wait(gate_).Finish());
  MakeEngineThatHedges();
  Begin(AskStreaming("question"));
  EXPECT_EQ(sink.Text(), "final");
  gate_.Set();
  End();
  EXPECT_THAT(Model("crit2").calls(), IsEmpty());
}

TEST_F(CriticHedgeTest, NobodyIsAskedWithoutATokenNorWhereItIsSwitchedOff) {
  for (const bool is_on : {true, false}) {
    mixture.critic_hedge = is_on ? 0.05 : 0;
    if (!is_on) AllMembersSay("draft");
    gate_.Clear();
    observer.records.clear();
    sink.events.clear();
    Model("critic").Then(FakeAnswer().Wait(gate_).Text("final").Finish());
    MakeEngineThatHedges(is_on ? 0 : 1);
    Begin(Ask("question"));
    gate_.Set();
    End();
    EXPECT_EQ(sink.answer()->completion.text, "final");
    EXPECT_THAT(Model("crit2").calls(), IsEmpty());
  }
}

TEST_F(CriticHedgeTest, WhereOneFailsTheOtherGoesOn) {
  Model("critic").Then(FakeAnswer().Wait(gate_).Text("final").Finish());
  Model("crit2").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  MakeEngineThatHedges();
  Begin(Ask("question"));
  gate_.Set();
  End();
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("critic crit2: UPSTREAM_ERROR"));
}

TEST_F(CriticHedgeTest, AStartThatCannotGoOutWinsNothing) {
  Model("critic").Then(FakeAnswer().Wait(gate_).Text("fi").Text("nal").Finish());
  Model("crit2").Then(FakeAnswer().Text("Response 2 ").Text("is best").Finish());
  MakeEngineThatHedges();
  Begin(AskStreaming("question"));
  gate_.Set();
  End();
  EXPECT_EQ(sink.Text(), "final");
  EXPECT_THAT(
      sink.answer()->degraded_reasons,
      ElementsAre("critic crit2: process_talk (it wrote about the drafts in place of an answer)"));
}

TEST_F(CriticHedgeTest, WhereBothFailTheAnchorGoesOut) {
  Model("critic").Then(FakeAnswer().Wait(gate_).Fail(StatusCode::kUnavailable, reason::kDeadline));
  Model("crit2").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  MakeEngineThatHedges();
  Begin(Ask("question"));
  gate_.Set();
  End();
  EXPECT_EQ(sink.answer()->completion.text, "draft a");
  EXPECT_EQ(Model("crit2").calls().size(), 1u);
}

TEST_F(CriticHedgeTest, AClientThatLeavesEndsBoth) {
  Model("critic").Then(FakeAnswer().Hang());
  Model("crit2").Then(FakeAnswer().Text("half").Hang());
  MakeEngineThatHedges();
  asio::cancellation_signal cancel;
  Begin(Ask("question"), cancel.slot());
  ASSERT_EQ(Model("crit2").open_calls(), 1);
  cancel.emit(asio::cancellation_type::terminal);
  End();
  EXPECT_THAT(CriticCalls(), ElementsAre("critic: cancelled", "crit2: cancelled"));
}

// A critic that is stopped would have taken longer: it counts as that.
TEST_F(CriticHedgeTest, WhatCriticsTookIsLearnt) {
  Model("critic").Then(FakeAnswer().Hang());
  Model("crit2").Then(Says("final"));
  MakeEngineThatHedges();
  const std::vector<std::pair<std::string, Pace::Of>> learnt = {{"critic", Pace::Of::kCriticAnswer},
                                                                {"crit2", Pace::Of::kCriticStart},
                                                                {"crit2", Pace::Of::kCriticToken},
                                                                {"crit2", Pace::Of::kCriticAnswer}};
  for (const auto& [model, of] : learnt) {
    for (int i = 0; i < 19; ++i) engine->paces().Get(model)->Add(of, Pace::Duration(1));
    EXPECT_EQ(engine->paces().Get(model)->ToGo(of, 0.9), std::nullopt);
  }
  Begin(Ask("question"));
  End();
  for (const auto& [model, of] : learnt) {
    EXPECT_NE(engine->paces().Get(model)->ToGo(of, 0.9), std::nullopt) << model;
  }
}

TEST(HedgeBudget, GivesAShareOfTheCalls) {
  HedgeBudget budget;
  int given = 0;
  for (int call = 0; call < 1000; ++call) {
    budget.OnCall(0.05);
    given += budget.Take() ? 1 : 0;
  }
  EXPECT_EQ(given, 50);
}

TEST(HedgeBudget, SavesTenAtMost) {
  HedgeBudget budget;
  EXPECT_FALSE(budget.Take());
  for (int call = 0; call < 1000; ++call) budget.OnCall(0.05);
  int given = 0;
  while (budget.Take()) ++given;
  EXPECT_EQ(given, 10);
}

}  // namespace
}  // namespace mom::testing
