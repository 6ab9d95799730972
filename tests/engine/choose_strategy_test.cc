#include "service/engine/choose_strategy.h"

#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Case {
  ContractKind contract;
  bool takes_calls;
  std::size_t members;
  std::string strategy;
  std::string why;
};

class ChooseStrategyTest : public ::testing::TestWithParam<Case> {};

TEST_P(ChooseStrategyTest, ByFormToolsAndMembers) {
  const Case& one = GetParam();
  const StrategyChoice choice = ChooseStrategy(one.contract, one.takes_calls, one.members);
  EXPECT_EQ(choice.name, one.strategy);
  EXPECT_THAT(choice.why, HasSubstr(one.why));
  EXPECT_NE(FindStrategy(choice.name), nullptr);
}

INSTANTIATE_TEST_SUITE_P(
    All, ChooseStrategyTest,
    ::testing::Values(Case{ContractKind::kNone, false, 3, "synthesize", "open prose"},
                      Case{ContractKind::kArchitect, false, 3, "synthesize", "open prose"},
                      Case{ContractKind::kDiff, false, 3, "select", "(diff)"},
                      Case{ContractKind::kDiffFenced, false, 2, "select", "(diff-fenced)"},
                      Case{ContractKind::kUdiff, false, 2, "select", "(udiff)"},
                      Case{ContractKind::kWhole, false, 2, "select", "(whole)"},
                      Case{ContractKind::kPatch, false, 2, "select", "(patch)"},
                      Case{ContractKind::kCommitMessage, false, 2, "select", "(commit_message)"},
                      Case{ContractKind::kSummary, false, 2, "select", "(summary)"},
                      Case{ContractKind::kJsonObject, false, 2, "select", "(json_object)"},
                      Case{ContractKind::kJsonObject, true, 2, "select", "(json_object)"},
                      Case{ContractKind::kClineXml, false, 2, "select", "(cline-xml)"},
                      Case{ContractKind::kFencedFile, false, 2, "select", "(fenced-file)"},
                      Case{ContractKind::kNone, true, 3, "synthesize", "tools"},
                      Case{ContractKind::kClosedNumber, false, 3, "vote", "(closed-number)"},
                      Case{ContractKind::kClosedLetter, false, 3, "vote", "(closed-letter)"},
                      Case{ContractKind::kClosedYesNo, false, 3, "vote", "(closed-yes-no)"},
                      Case{ContractKind::kClosedYesNo, true, 3, "synthesize", "tools"},
                      Case{ContractKind::kNone, false, 1, "single", "one member"},
                      Case{ContractKind::kDiff, false, 1, "single", "one member"},
                      Case{ContractKind::kClosedLetter, true, 1, "single", "one member"}));

class AutoTest : public EngineTest {
 protected:
  RunRequest AskStreamingFor(ResponseFormat::Kind kind) {
    RunRequest request = AskStreaming("question");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = kind;
    request.chat = std::move(chat);
    return request;
  }
};

TEST_F(AutoTest, ChoosesBeforeTheRunStarts) {
  ASSERT_EQ(mixture.strategy, kAuto);
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says("{}"));
  ASSERT_TRUE(Run(AskStreamingFor(ResponseFormat::Kind::kJsonObject)).ok());
  EXPECT_EQ(sink.All<StartedEvent>()[0].strategy, "select");
  EXPECT_EQ(sink.All<StageEvent>()[0].name, "strategy");
  EXPECT_EQ(sink.All<StageEvent>()[0].detail,
            "select: the answer must keep its form (json_object)");
  EXPECT_EQ(sink.answer()->strategy, "select");
  EXPECT_EQ(sink.answer()->strategy_reason, "the answer must keep its form (json_object)");
  EXPECT_EQ(sink.answer()->contract, "json_object");
  EXPECT_TRUE(Model("critic").calls().empty());
}

TEST_F(AutoTest, TheMembersThatTheRequestKeepsCount) {
  Model("b").Then(Says("draft"));
  RunRequest request = Ask("question");
  request.members = {"b"};
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->strategy, "single");
}

TEST_F(AutoTest, ToolsThatMustNotBeCalledMakeNoToolTurn) {
  AllMembersSay("draft");
  Model("critic").Then(Says("final"));
  RunRequest request = Ask("question");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->tools.emplace_back().name = "f";
  chat->tool_choice.emplace().mode = ToolChoice::Mode::kNone;
  request.chat = std::move(chat);
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->strategy_reason, "open prose");
}

// aider's, to the letter that matters.
RunRequest AskForACommitMessage(RunRequest request) {
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  Message system;
  system.role = Role::kSystem;
  system.content.emplace_back(TextPart{
      "You are an expert software engineer that generates concise, one-line Git commit messages "
      "based on the provided diffs.\nGenerate a one-line commit message.\nReply only with the "
      "one-line commit message, without any additional text."});
  chat->messages.insert(chat->messages.begin(), system);
  request.chat = std::move(chat);
  return request;
}

TEST_F(AutoTest, ASideCallGoesToTheSideModel) {
  mixture.side_model = "crit2";
  Model("crit2").Then(Says("fix: the answer"));
  ASSERT_TRUE(Run(AskForACommitMessage(AskStreaming("diff"))).ok());
  EXPECT_EQ(sink.answer()->answered_by, "crit2");
  EXPECT_EQ(sink.answer()->strategy, "single");
  EXPECT_THAT(sink.answer()->strategy_reason, HasSubstr("a side call (aider commit message)"));
  EXPECT_TRUE(Model("a").calls().empty());
}

TEST_F(AutoTest, WhereTheSideModelFailsTheFirstMemberAnswers) {
  mixture.side_model = "b";
  Model("b").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("a").Then(Says("fix: the answer"));
  ASSERT_TRUE(Run(AskForACommitMessage(Ask("diff"))).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.All<StartedEvent>(), ::testing::SizeIs(1));
  EXPECT_THAT(sink.All<StartedEvent>()[0].members, ElementsAre("b", "a", "c"));
}

TEST_F(AutoTest, ARequestThatNamesItsMembersIsNotForTheSideModel) {
  mixture.side_model = "crit2";
  Model("a").Then(Says("fix: the answer"));
  RunRequest request = AskForACommitMessage(Ask("diff"));
  request.members = {"a"};
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
}

TEST_F(AutoTest, WithoutASideModelASideCallIsLikeAllOthers) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says("fix: the answer"));
  ASSERT_TRUE(Run(AskForACommitMessage(Ask("diff"))).ok());
  EXPECT_EQ(sink.answer()->strategy, "select");
}

TEST_F(AutoTest, WhatTheMixtureNamesStands) {
  mixture.strategy = "select";
  AllMembersSay("draft");
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->strategy, "select");
  EXPECT_EQ(sink.answer()->strategy_reason, "configured");
}

}  // namespace
}  // namespace mom::testing
