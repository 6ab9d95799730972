#include "service/engine/race.h"

#include <boost/asio/detached.hpp>

#include "tests/engine/select_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RaceTest : public EngineTest {
 protected:
  RaceTest() { mixture.strategy = "race"; }

  static RunRequest AskForJson(RunRequest request) {
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
    request.chat = std::move(chat);
    return request;
  }

  void Begin(RunRequest request) {
    MakeEngine();
    asio::co_spawn(context, engine->Run(std::move(request), http, sink), asio::detached);
    context.poll();
  }
};

class RaceEditTest : public SelectTest {};

TEST_F(RaceEditTest, WordsWaitForAnEdit) {
  mixture.strategy = "race";
  Model("a").Then(Says("I would change x."));
  Model("b").Then(Says(Edit("    x = 1")));
  Model("c").Then(Says("So would I."));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(RaceTest, TheFirstStreamToOpenIsPassedOnAndTheOthersAreCancelled) {
  AsyncEvent gate(context.get_executor());
  Model("a").Then(FakeAnswer().Hang());
  Model("b").Then(FakeAnswer().Text("Hel").Text("lo").Wait(gate).Text(" there").Finish());
  Model("c").Then(FakeAnswer().Text("one piece is not enough").Hang());
  Begin(AskStreaming("question"));
  EXPECT_EQ(sink.Text(), "Hello") << "streamed as it comes";
  EXPECT_TRUE(Model("a").call(0).cancelled);
  EXPECT_TRUE(Model("c").call(0).cancelled);
  gate.Set();
  context.run();
  EXPECT_EQ(sink.answer()->completion.text, "Hello there");
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_EQ(sink.answer()->candidates[1].grade, Grade::kUsable);
  EXPECT_EQ(MessageOf(sink.answer()->candidates[0].error), "stopped, as b was first");
  EXPECT_EQ(sink.All<CandidateFinishedEvent>().size(), 3u);
  ExpectNothingOpen();
}

TEST_F(RaceTest, ThinkingAloneDoesNotWin) {
  Model("a").Then(FakeAnswer().Reasoning("hm").Reasoning("hm").Hang());
  Model("b").Then(FakeAnswer().Reasoning("ah").Text("It ").Text("is.").Finish());
  Model("c").Then(FakeAnswer().Hang());
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "It is.");
  EXPECT_EQ(sink.answer()->completion.reasoning, "ah");
}

TEST_F(RaceTest, GarbageThatComesFirstDoesNotWin) {
  AsyncEvent gate(context.get_executor());
  Model("a").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("b").Then(FakeAnswer().Text("I'm sorry, but I can't ").Text("help with that.").Finish());
  Model("c").Then(FakeAnswer().Wait(gate).Text("It ").Text("is.").Finish());
  Begin(AskStreaming("question"));
  EXPECT_EQ(sink.Text(), "");
  gate.Set();
  context.run();
  EXPECT_EQ(sink.answer()->completion.text, "It is.");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre(HasSubstr("member a failed")));
}

TEST_F(RaceTest, ARefusalInManyPiecesDoesNotWin) {
  AsyncEvent gate(context.get_executor());
  FakeAnswer refusal;
  for (const char* piece : {"I", " can't", " help", " with", " that", "."}) refusal.Text(piece);
  Model("a").Then(refusal.Finish());
  Model("b").Then(FakeAnswer().Wait(gate).Text("It ").Text("is.").Finish());
  Model("c").Then(FakeAnswer().Hang());
  Begin(AskStreaming("question"));
  EXPECT_EQ(sink.Text(), "");
  gate.Set();
  context.run();
  EXPECT_EQ(sink.answer()->completion.text, "It is.");
}

TEST_F(RaceTest, WhereAllRefuseTheFirstRefusalGoesOutDegraded) {
  const std::string refusal = "I'm sorry, but I can't help with that";
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(refusal + ", says " + name));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, refusal + ", says a");
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains("no usable candidate"));
}

TEST_F(RaceTest, AfterTheCommitPointAFailureIsFinal) {
  Model("a").Then(FakeAnswer().Text("Hel").Text("lo").Fail(StatusCode::kUnavailable,
                                                           reason::kUpstreamIncomplete));
  for (const char* name : {"b", "c"}) Model(name).Then(FakeAnswer().Hang());
  EXPECT_EQ(GetErrorInfo(Run(AskStreaming("question"))).reason, reason::kAnswerCut);
}

TEST_F(RaceTest, AWholeAnswerWinsTheUnaryRace) {
  Model("a").Then(FakeAnswer().Text("half").Hang());
  Model("b").Then(FakeAnswer().Text("cut").Finish(FinishReason::kLength));
  Model("c").Then(Says("whole"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "whole");
  EXPECT_TRUE(Model("a").call(0).cancelled);
}

TEST_F(RaceTest, WhatMustKeepAFormIsWonByTheFirstThatKeepsIt) {
  Model("a").Then(Says("Sure: {}"));
  Model("b").Then(FakeAnswer().Hang());
  Model("c").Then(FakeAnswer().Text("{\"c\"").Text(": 1}").Finish());
  ASSERT_TRUE(Run(AskForJson(AskStreaming("question"))).ok());
  EXPECT_EQ(sink.Text(), "{\"c\": 1}");
}

TEST_F(RaceTest, WhereNobodyAnswersTheRequestFails) {
  for (const char* name : {"a", "b", "c"}) {
    Model(name).Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  }
  EXPECT_EQ(GetErrorInfo(Run(AskStreaming("question"))).reason, reason::kAllMembersFailed);
}

TEST_F(RaceTest, WhenTheClientLeavesAllStop) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(FakeAnswer().Hang());
  MakeEngine();
  asio::cancellation_signal cancel;
  asio::co_spawn(context, engine->Run(AskStreaming("question"), http, sink),
                 asio::bind_cancellation_slot(cancel.slot(), asio::detached));
  context.poll();
  cancel.emit(asio::cancellation_type::terminal);
  context.run();
  for (const char* name : {"a", "b", "c"}) EXPECT_TRUE(Model(name).call(0).cancelled) << name;
  EXPECT_EQ(observer.records.size(), 1u);
}

}  // namespace
}  // namespace mom::testing
