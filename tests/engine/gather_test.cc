// What the fan-out tells, and what it learns of its members.
#include "service/engine/gather.h"

#include "service/base/reasons.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class GatherTest : public EngineTest {
 protected:
  // Makes the engine, which knows `count` answers of `model` that took `took`.
  void MakeEngineThatKnows(const std::string& model, int count, Pace::Duration took) {
    MakeEngine();
    for (int i = 0; i < count; ++i) {
      engine->paces().Get(model)->Add(Pace::Of::kMemberAnswer, took);
    }
  }
  std::optional<Pace::Duration> Knows(const std::string& model) {
    return engine->paces().Get(model)->ToGo(Pace::Of::kMemberAnswer, 0.9);
  }
  std::vector<std::string> Stages() const {
    std::vector<std::string> stages;
    for (const StageEvent& event : sink.All<StageEvent>()) {
      stages.push_back(event.name + ": " + event.detail);
    }
    return stages;
  }
};

TEST_F(GatherTest, WaitsForAMemberThatIsKnownToBeSlow) {
  mixture.grace.min = milliseconds(0);
  AsyncEvent gate(context.get_executor());
  Model("a").Then(Says("draft a"));
  Model("b").Then(Says("draft b"));
  Model("c").Then(FakeAnswer().Wait(gate).Text("draft c").Finish());
  Model("critic").Then(Says("final"));
  MakeEngineThatKnows("c", 20, hours(1));
  Begin(AskStreaming("question"));
  EXPECT_THAT(Model("critic").calls(), IsEmpty()) << "by the others' pace it would be asked now";
  gate.Set();
  context.run();
  EXPECT_EQ(sink.answer()->candidates[2].grade, Grade::kUsable);
}

TEST_F(GatherTest, DoesNotWaitForOneThatIsLateByItsOwnPace) {
  mixture.grace.min = milliseconds(0);
  mixture.quorum = 1;
  Model("a").Then(Says("draft a"));
  Model("b").Then(FakeAnswer().Hang());
  Model("c").Then(FakeAnswer().Hang());
  MakeEngineThatKnows("b", 20, Pace::Duration(1));
  for (int i = 0; i < 20; ++i) {
    engine->paces().Get("c")->Add(Pace::Of::kMemberAnswer, Pace::Duration(1));
  }
  Begin(AskStreaming("question"));
  context.run();
  EXPECT_THAT(
      Stages(),
      ElementsAre("strategy: synthesize: open prose", "members: 3 asked, quorum 1",
                  "quorum: 1 usable candidate, quorum 1",
                  "gathered: 1 usable; the grace after the quorum is over", "anchor: usable"));
}

TEST_F(GatherTest, LearnsFromWhoAnsweredAndFromWhoWasStoppedButNotFromWhoFailed) {
  mixture.grace.min = mixture.grace.max = milliseconds(1);
  mixture.quorum = 1;
  Model("a").Then(Says("draft a"));
  Model("b").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("c").Then(FakeAnswer().Hang());
  MakeEngine();
  for (const char* name : {"a", "b", "c"}) {
    for (int i = 0; i < 19; ++i) {
      engine->paces().Get(name)->Add(Pace::Of::kMemberAnswer, milliseconds(1));
    }
    EXPECT_EQ(Knows(name), std::nullopt);
  }
  Begin(Ask("question"));
  context.run();
  EXPECT_NE(Knows("a"), std::nullopt);
  EXPECT_EQ(Knows("b"), std::nullopt);
  EXPECT_NE(Knows("c"), std::nullopt);
}

TEST_F(GatherTest, LearnsFromARunThatItsClientLeft) {
  mixture.quorum = 3;
  Model("a").Then(Says("draft a"));
  for (const char* name : {"b", "c"}) Model(name).Then(FakeAnswer().Text("half").Hang());
  MakeEngineThatKnows("c", 19, milliseconds(1));
  asio::cancellation_signal cancel;
  Begin(Ask("question"), cancel.slot());
  EXPECT_EQ(Knows("c"), std::nullopt);
  cancel.emit(asio::cancellation_type::terminal);
  context.run();
  EXPECT_NE(Knows("c"), std::nullopt);
  ExpectNothingOpen();
}

TEST_F(GatherTest, WhatIsLearntOutlivesAReload) {
  MakeEngineThatKnows("c", 20, milliseconds(1));
  engine->SetSnapshot(engine->snapshot());
  EXPECT_NE(Knows("c"), std::nullopt);
}

TEST_F(GatherTest, TellsOfStragglersToo) {
  mixture.grace.min = mixture.grace.max = milliseconds(1);
  Model("a").Then(Says("draft a"));
  Model("b").Then(Says("draft b"));
  Usage usage;
  usage.prompt_tokens = 7;
  ChatDelta counted;
  counted.usage = usage;
  Model("c").Then(FakeAnswer().Text("half").Delta(counted).Hang());
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  const auto told = sink.All<CandidateFinishedEvent>();
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[2].candidate.model, "c");
  EXPECT_EQ(told[2].candidate.state, CandidateState::kCancelled);
  EXPECT_EQ(told[2].candidate.completion.text, "half");
  EXPECT_EQ(told[2].candidate.usage.prompt_tokens, 7);
  EXPECT_THAT(sink.answer()->degraded_reasons, IsEmpty()) << "there were enough";
}

TEST_F(GatherTest, WithoutAQuorumEachMemberHasAReason) {
  mixture.members = {"a", "b", "c", "critic"};
  mixture.grace.first_max = milliseconds(1);
  Model("a").Then(Says("draft a"));
  Model("b").Then(FakeAnswer().Text("cut he").Finish(FinishReason::kLength));
  Model("c").Then(FakeAnswer().Hang());
  Model("critic").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamConnect));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre("member b gave nothing usable: cut: the limit of tokens was reached",
                          "member c stopped, as the longest wait after the first is over",
                          "member critic failed: UPSTREAM_CONNECT"));
}

TEST_F(GatherTest, SkippedMembersDoNotCount) {
  models["a"].images = false;
  RunRequest request = AskStreaming("look");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  ImagePart image;
  image.url = "data:image/png;base64,AA==";
  chat->messages[0].content.emplace_back(image);
  request.chat = chat;
  Model("b").Then(Says("a cat"));
  Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(Stages().at(1), "members: 2 asked, quorum 1");
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

// Never takes what becomes of a candidate.
class StuckSink final : public EventSink {
 public:
  asio::awaitable<Status> Send(Event event, Deadline) override {
    AsyncEvent never(co_await asio::this_coro::executor);
    if (std::holds_alternative<CandidateFinishedEvent>(event)) co_await never.Wait();
    co_return Status();
  }
};

TEST_F(GatherTest, LearnsFromWhoEndedBeforeTheirEndWasLookedAt) {
  Model("a").Then(Says("draft a"));
  Model("b").Then(Says("draft b"));
  Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  MakeEngine();
  for (const char* name : {"b", "c"}) {
    for (int i = 0; i < 19; ++i) engine->paces().Get(name)->Add(Pace::Of::kMemberAnswer, hours(1));
  }
  StuckSink stuck;
  asio::cancellation_signal cancel;
  asio::co_spawn(context, engine->Run(AskStreaming("question"), http, stuck),
                 asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr, Status) {}));
  context.poll();
  cancel.emit(asio::cancellation_type::terminal);
  context.run();
  const auto shortest = engine->paces().Get("b")->ToGo(Pace::Of::kMemberAnswer, 0.01);
  ASSERT_NE(shortest, std::nullopt);
  EXPECT_LT(*shortest, hours(1)) << "it answered, and was not stopped";
  EXPECT_EQ(Knows("c"), std::nullopt) << "a failure is no sample";
  ExpectNothingOpen();
}

}  // namespace
}  // namespace mom::testing
