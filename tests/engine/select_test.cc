#include "service/engine/select.h"

#include "tests/engine/select_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;

TEST_F(SelectTest, GivesTheOneThatKeepsTheForm) {
  Model("a").Then(Says("Sure: {}"));
  Model("b").Then(Says(" {\"b\": 1}\n"));
  Model("c").Then(Says("no"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, " {\"b\": 1}\n") << "byte for byte";
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(sink.answer()->strategy, "select");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_TRUE(Model("critic").calls().empty());
}

TEST_F(SelectTest, GivesTheOneThatFitsTheSchema) {
  Model("a").Then(Says("{\"n\": \"1\"}"));
  Model("b").Then(Says("```json\n{\"n\": 2}\n```"));
  Model("c").Then(Says("{\"n\": 3}"));
  ASSERT_TRUE(Run(AskForANumber()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "c");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_THAT(sink.answer()->notes,
              Contains("`format` in the schema of response_format was not checked"));
  EXPECT_EQ(sink.All<StageEvent>().back().detail,
            "usable (form: json_schema, not checked: `format`)");
}

TEST_F(SelectTest, OfWhatDoesNotFitTheSchemaTheClosestGoesOutDegraded) {
  mixture.repair = false;
  Model("a").Then(Says("The number is 1."));
  Model("b").Then(Says("{\"n\": \"2\"}"));
  Model("c").Then(Says("```json\n{\"n\": 3}\n```"));
  ASSERT_TRUE(Run(AskForANumber()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "c");
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("the JSON is in a fence")));
}

TEST_F(SelectTest, AnEditThatWritesARefusalIsNone) {
  const std::string polite =
      Edit("    x = 1", "    x = \"I'm sorry, but I can't help with that.\"");
  Model("a").Then(Says(Edit("y")));
  Model("b").Then(Says(polite));
  Model("c").Then(Says("I'm sorry, but I can't help with that."));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->completion.text, polite);
}

TEST_F(SelectTest, GivesTheBestOfThoseThatApply) {
  Model("a").Then(Says(Edit("  x = 1")));
  Model("b").Then(Says(Edit("    x = 1")));
  Model("c").Then(Says("Which file?"));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(SelectTest, TheFormIsTheRequestsElseTheMixtures) {
  const auto answer_to = [this](std::optional<ContractChoice> choice) {
    for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(*name == 'b' ? "{}" : "42"));
    RunRequest request = Ask("question");
    request.contract = choice;
    observer.records.clear();
    EXPECT_TRUE(Run(request).ok());
    return sink.answer()->completion.text;
  };
  EXPECT_EQ(answer_to(std::nullopt), "42") << "any text will do";
  mixture.contract.kind = ContractKind::kJsonObject;
  EXPECT_EQ(answer_to(std::nullopt), "{}");
  EXPECT_EQ(answer_to(ContractChoice{ContractKind::kClosedNumber}), "42");
  EXPECT_EQ(answer_to(ContractChoice()), "42") << "auto";
}

TEST_F(SelectTest, AFormThatTheRequestCannotHaveIsNone) {
  AllMembersSay("draft");
  RunRequest request = Ask("question");
  request.contract = ContractChoice{ContractKind::kClineXml};
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->completion.text, "draft a");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_EQ(sink.answer()->contract, "none");
  EXPECT_THAT(sink.answer()->notes, Contains(HasSubstr("cline-xml needs tools as XML-style tags")));
  EXPECT_EQ(Model("a").calls().size(), 1u) << "nothing to repair";
}

TEST_F(SelectTest, OfEqualsGivesTheFirstMembers) {
  AllMembersSay("draft");
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "draft a");
}

TEST_F(SelectTest, WhereNoneKeepsTheFormTheBestGoesOutDegraded) {
  mixture.repair = false;
  Model("a").Then(Says(Edit("y = 1")));
  Model("b").Then(Says("b.py" + Edit("q").substr(4)));
  Model("c").Then(FakeAnswer().Text("cut").Finish(FinishReason::kLength));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(sink.answer()->degraded_reasons,
              Contains(HasSubstr("no usable candidate: contract_broken: block 1 (b.py)")));
}

TEST_F(SelectTest, WaitsForNobodyWhoCouldNotChangeTheChoice) {
  AsyncEvent never(context.get_executor());
  Model("a").Then(Says("{}"));
  Model("b").Then(FakeAnswer().Wait(never).Text("{}").Finish());
  Model("c").Then(Says("no"));
  mixture.quorum = 3;
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_EQ(sink.answer()->candidates[1].state, CandidateState::kCancelled);
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(SelectTest, OfEquallyGoodOnesTheOneOfTheMajorityGoesOut) {
  Model("a").Then(Says("{\"n\": 1}"));
  Model("b").Then(Says("{\"n\": 2}"));
  Model("c").Then(Says("{ \"n\": 2 }"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->completion.text, "{\"n\": 2}") << "without a judge, too";
  EXPECT_EQ(sink.answer()->candidates[1].why, "chosen: 2 of 3 come to the same");
  EXPECT_THAT(sink.answer()->candidates[0].why, HasSubstr("2 of 3 come to the same"));
}

TEST_F(SelectTest, WhereAllDifferTheFirstOfTheBestGoesOut) {
  mixture.judge = "critic";
  Model("critic").Always(Says("B"));
  for (const char* name : {"a", "b", "c"}) {
    Model(name).Then(Says(std::string("{\"by\": \"") + name + "\"}"));
  }
  RunRequest request = AskForJson();
  request.contract = ContractChoice{ContractKind::kSummary};
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_TRUE(Model("critic").calls().empty()) << "a summary is not worth a judge";
}

TEST_F(SelectTest, WaitsForThoseWhoCouldBeTheMajority) {
  AsyncEvent gate(context.get_executor());
  Model("a").Then(Says("{\"n\": 1}"));
  Model("b").Then(Says("{\"n\": 2}"));
  Model("c").Then(FakeAnswer().Wait(gate).Text("{\"n\": 2}").Finish());
  mixture.quorum = 3;
  MakeEngine();
  Begin(AskForJson());
  EXPECT_EQ(sink.answer(), nullptr) << "the first one's may yet be one of three";
  gate.Set();
  context.run();
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(SelectTest, AMajorityIsNotWaitedBeyond) {
  AsyncEvent never(context.get_executor());
  Model("a").Then(FakeAnswer().Wait(never).Text("{}").Finish());
  Model("b").Then(Says("{\"n\": 2}"));
  Model("c").Then(Says("{\"n\": 2}"));
  mixture.quorum = 3;
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(sink.answer()->candidates[0].state, CandidateState::kCancelled);
}

TEST_F(SelectTest, WaitsForThoseBeforeAndForBetterOnes) {
  AsyncEvent gate(context.get_executor());
  Model("a").Then(FakeAnswer().Wait(gate).Text(Edit("    x = 1")).Finish());
  Model("b").Then(Says(Edit("    x = 1")));
  Model("c").Then(Says("Which file?"));
  mixture.quorum = 3;
  MakeEngine();
  asio::co_spawn(context, engine->Run(AskForAnEdit(), http, sink),
                 [](std::exception_ptr, Status) {});
  context.poll();
  EXPECT_EQ(sink.answer(), nullptr);
  gate.Set();
  context.restart();
  context.run();
  ASSERT_NE(sink.answer(), nullptr);
  EXPECT_EQ(sink.answer()->answered_by, "a");
}

TEST_F(SelectTest, HoldsAStreamedAnswerUntilItIsChosen) {
  AsyncEvent gate(context.get_executor());
  Model("a").Then(FakeAnswer().Text("one ").Text("two ").Wait(gate).Text("three").Finish());
  Model("b").Then(Says("b"));
  Model("c").Then(Says("c"));
  mixture.quorum = 3;
  MakeEngine();
  asio::co_spawn(context, engine->Run(AskStreaming("question"), http, sink),
                 [](std::exception_ptr, Status) {});
  context.poll();
  EXPECT_EQ(sink.Text(), "");
  gate.Set();
  context.restart();
  context.run();
  EXPECT_EQ(sink.Text(), "one two three");
}

TEST_F(SelectTest, FailsWhereNobodyAnswers) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(FakeAnswer().Finish());
  EXPECT_FALSE(Run(AskForJson()).ok());
}

}  // namespace
}  // namespace mom::testing
