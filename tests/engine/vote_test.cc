#include "service/engine/vote.h"

#include <boost/asio/detached.hpp>

#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Five members: a, b, c, critic and crit2.
class VoteTest : public EngineTest {
 protected:
  VoteTest() {
    mixture.strategy = "vote";
    mixture.members = {"a", "b", "c", "critic", "crit2"};
  }

  static RunRequest AskYesOrNo() { return AskStreaming("Is 7 a prime? Answer only yes or no."); }

  // Calls made of each of the five.
  std::vector<std::size_t> Calls() {
    std::vector<std::size_t> made;
    for (const std::string& name : mixture.members) made.push_back(Model(name).calls().size());
    return made;
  }
  std::string Stage(const std::string& name) const {
    for (const StageEvent& stage : sink.All<StageEvent>()) {
      if (stage.name == name) return stage.model + ": " + stage.detail;
    }
    return {};
  }
};

TEST_F(VoteTest, ThreeThatAgreeOfFiveSettleIt) {
  Model("a").Then(Says("Yes, as nothing divides it."));
  Model("b").Then(Says("Yes"));
  Model("c").Then(Says("yes."));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 0, 0));
  EXPECT_EQ(sink.answer()->completion.text, "Yes") << "the best of them, byte for byte";
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(sink.answer()->strategy, "vote");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_EQ(Stage("vote"), "b: settled by 3 votes, 3 of them for the answer");
  EXPECT_EQ(sink.answer()->candidates.size(), 3u);
}

TEST_F(VoteTest, OneIsAddedAtATimeWhileItIsOpen) {
  Model("a").Then(Says("no"));
  Model("b").Then(Says("yes"));
  Model("c").Then(Says("yes"));
  Model("critic").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 0));
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(sink.answer()->candidates[0].why, HasSubstr("another answer"));
  EXPECT_EQ(sink.answer()->candidates[1].why, "chosen: its answer has 3 of 4 votes");
}

TEST_F(VoteTest, FurtherOnesAreAskedAlsoWhereAllHaveEnded) {
  mixture.quorum = 2;
  Model("a").Then(Says("no"));
  Model("b").Then(Says("yes"));
  Model("c").Then(Says("yes"));
  Model("critic").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 0));
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(VoteTest, TheLastOneBreaksATie) {
  Model("a").Then(Says("no"));
  Model("b").Then(Says("yes"));
  Model("c").Then(Says("no"));
  Model("critic").Then(Says("yes"));
  Model("crit2").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 1));
  EXPECT_EQ(sink.answer()->completion.text, "yes");
}

TEST_F(VoteTest, OneThatFailsOrDoesNotTellIsReplacedAlsoWhereItEndsLast) {
  mixture.quorum = 2;
  Model("a").Then(Says("yes"));
  Model("b").Then(Says("It is hard to say."));
  Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("critic").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 0));
  EXPECT_EQ(sink.answer()->candidates[0].why, "chosen: its answer has 2 of 2 votes");
}

TEST_F(VoteTest, WhoCouldNotChangeItAnyMoreIsStopped) {
  mixture.members = {"a", "b", "c"};
  Model("a").Then(Says("yes"));
  Model("b").Then(FakeAnswer().Hang());
  Model("c").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_TRUE(Model("b").call(0).cancelled);
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(MessageOf(sink.answer()->candidates[1].error), "stopped, as the choice is made");
}

TEST_F(VoteTest, OneThatFailsIsReplacedAtOnce) {
  // An event has one waiter.
  AsyncEvent b_goes_on(context.get_executor());
  AsyncEvent c_goes_on(context.get_executor());
  AsyncEvent d_goes_on(context.get_executor());
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("b").Then(FakeAnswer().Wait(b_goes_on).Text("yes").Finish());
  Model("c").Then(FakeAnswer().Wait(c_goes_on).Text("yes").Finish());
  Model("critic").Then(FakeAnswer().Wait(d_goes_on).Text("yes").Finish());
  MakeEngine();
  asio::co_spawn(context, engine->Run(AskYesOrNo(), http, sink), asio::detached);
  context.poll();
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 0)) << "while the others are still at work";
  EXPECT_EQ(Stage("members"), ": 3 of 5 asked, quorum 2");
  for (AsyncEvent* event : {&b_goes_on, &c_goes_on, &d_goes_on}) event->Set();
  context.run();
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 0));
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre(HasSubstr("member a failed")));
}

TEST_F(VoteTest, AnAnswerThatDoesNotTellIsNoVote) {
  Model("a").Then(Says("It depends."));
  for (const char* name : {"b", "c", "critic"}) Model(name).Then(Says("no"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 0));
  EXPECT_EQ(sink.answer()->completion.text, "no");
}

TEST_F(VoteTest, OneThatIsLateIsNotCountedOn) {
  mixture.grace.min = milliseconds(0);
  Model("a").Then(FakeAnswer().Hang());
  Model("b").Then(Says("yes"));
  Model("c").Then(Says("yes"));
  Model("critic").Then(Says("yes"));
  Model("crit2").Always(Says("yes"));  // where the others are late, too
  MakeEngine();
  for (int i = 0; i < 20; ++i) {
    engine->paces().Get("a")->Add(Pace::Of::kMemberAnswer, Pace::Duration(1));
  }
  ASSERT_TRUE(RunOn(context, engine->Run(AskYesOrNo(), http, sink)).ok());
  EXPECT_EQ(Calls()[3], 1u);
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_TRUE(Model("a").call(0).cancelled);
}

TEST_F(VoteTest, ATieGoesToTheBestThenToTheFirst) {
  mixture.members = {"a", "b"};
  Model("a").Then(Says("Yes, I think so."));
  Model("b").Then(Says("no"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(Stage("vote"), HasSubstr("a tie"));
}

TEST_F(VoteTest, ATieIsForTheJudge) {
  mixture.members = {"a", "b"};
  mixture.judge = "critic";
  Model("a").Then(Says("yes"));
  Model("b").Then(Says("no"));
  Model("critic").Then(Says("B")).Then(Says("A"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(sink.answer()->completion.text, "no");
  const std::string tie =
      "1 of 2 votes; a tie, so the judge was asked: preferred to a's in both orders";
  EXPECT_THAT(sink.answer()->candidates[1].why, HasSubstr("chosen: its answer has " + tie));
  EXPECT_THAT(sink.answer()->candidates[0].why,
              HasSubstr("another answer than the one with " + tie));
  EXPECT_THAT(Stage("vote"), HasSubstr("the judge was asked: preferred to a's in both orders"));
}

TEST_F(VoteTest, WithoutATieTheJudgeIsNotAsked) {
  mixture.members = {"a", "b", "c"};
  mixture.judge = "critic";
  Model("a").Then(Says("yes"));
  Model("b").Then(Says("no"));
  Model("c").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(Model("critic").calls().size(), 0u);
}

TEST_F(VoteTest, AJudgeThatFailsCostsNoAnswer) {
  mixture.members = {"a", "b"};
  mixture.judge = "critic";
  Model("a").Then(Says("yes"));
  Model("b").Then(Says("no"));
  Model("critic").Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("judge critic: UPSTREAM_ERROR"));
}

TEST_F(VoteTest, AQuorumIsTheLeadThatIsEnough) {
  mixture.quorum = 2;
  Model("a").Then(Says("yes"));
  Model("b").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 0, 0, 0));
}

TEST_F(VoteTest, WhereNobodyVotesTheBestOnesModelIsAskedOnceMore) {
  for (const std::string& name : mixture.members) Model(name).Then(Says("It depends."));
  Model("a").Then(Says("yes"));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "yes");
  EXPECT_THAT(sink.answer()->notes, ElementsAre(HasSubstr("mixtures.mom.repair")));
  EXPECT_THAT(Stage("repair"), HasSubstr("a: "));
}

TEST_F(VoteTest, WhereNobodyVotesTheBestAnswerGoesOutDegraded) {
  mixture.repair = false;
  for (const std::string& name : mixture.members) Model(name).Then(Says("It depends."));
  ASSERT_TRUE(Run(AskYesOrNo()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("no usable candidate")));
}

TEST_F(VoteTest, WhereNobodyAnswersTheRequestFails) {
  for (const std::string& name : mixture.members) {
    Model(name).Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  }
  EXPECT_EQ(GetErrorInfo(Run(AskYesOrNo())).reason, reason::kAllMembersFailed);
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1, 1, 1));
}

TEST_F(VoteTest, WhatCannotBeCountedIsSelected) {
  for (const std::string& name : mixture.members) Model(name).Then(Says("prose of " + name));
  ASSERT_TRUE(Run(AskStreaming("Tell me a story.")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "prose of a");
  EXPECT_THAT(sink.answer()->notes, ElementsAre(HasSubstr("cannot be counted as votes")));
}

class JsonVoteRunTest : public VoteTest {
 protected:
  static RunRequest AskForJson(ResponseFormat::Kind kind) {
    RunRequest request = Ask("question");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = kind;
    chat->response_format->schema_json = R"({"required": ["n", "who"]})";
    request.chat = std::move(chat);
    return request;
  }
  void Say(const std::vector<std::string>& answers) {
    mixture.members.resize(answers.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      Model(mixture.members[i]).Then(Says(answers[i]));
    }
  }
};

TEST_F(JsonVoteRunTest, EachFieldIsWhatMostHave) {
  Say({R"({"n": 1, "who": "x"})", R"({"n": 2, "who": "y"})", R"({"n": 1.0, "who": "y"})"});
  ASSERT_TRUE(Run(AskForJson(ResponseFormat::Kind::kJsonSchema)).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n": 1, "who": "y"})");
  EXPECT_THAT(sink.answer()->notes, Contains(HasSubstr("what most of 3 answers have")));
}

TEST_F(JsonVoteRunTest, WhatDoesNotFitHasNoVote) {
  Say({R"({"n": 1})", R"({"n": 2})", R"({"n": 3, "who": "z"})"});
  ASSERT_TRUE(Run(AskForJson(ResponseFormat::Kind::kJsonSchema)).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n": 3, "who": "z"})");
  EXPECT_EQ(sink.answer()->answered_by, "c");
}

TEST_F(JsonVoteRunTest, WhereNoneFitsTheBestOnesModelIsAskedOnceMore) {
  Say({R"({"n": 1})", "prose", "prose"});
  Model("a").Then(Says(R"({"n": 1, "who": "x"})"));
  ASSERT_TRUE(Run(AskForJson(ResponseFormat::Kind::kJsonSchema)).ok());
  EXPECT_EQ(sink.answer()->completion.text, R"({"n": 1, "who": "x"})");
  EXPECT_EQ(Model("a").call(1).context.role, CallRole::kRepair);
}

TEST_F(JsonVoteRunTest, TheBestOnesBytesWhereAllSayTheSame) {
  Say({"{\"b\": 1,  \"a\": 2}", R"({"a": 2, "b": 1})"});
  ASSERT_TRUE(Run(AskForJson(ResponseFormat::Kind::kJsonObject)).ok());
  EXPECT_EQ(sink.answer()->completion.text, "{\"b\": 1,  \"a\": 2}");
  EXPECT_THAT(sink.answer()->notes, IsEmpty());
}

}  // namespace
}  // namespace mom::testing
