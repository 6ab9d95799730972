// What a record says of why each candidate was taken or not.
#include "service/engine/explain.h"

#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ExplainTest : public EngineTest {
 protected:
  std::vector<std::string> Whys() const {
    std::vector<std::string> whys;
    for (const Candidate& candidate : observer.records.at(0)->candidates) {
      whys.push_back(candidate.why);
    }
    return whys;
  }

  static RunRequest AskForJson() {
    RunRequest request = Ask("question");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
    request.chat = std::move(chat);
    return request;
  }
};

TEST_F(ExplainTest, OneIsChosen) {
  mixture.strategy = "select";
  Model("a").Then(Says("no object"));
  Model("b").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamConnect));
  Model("c").Then(Says("{}"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.answer()->strategy_reason, "configured");
  EXPECT_EQ(sink.answer()->contract, "json_object");
  EXPECT_THAT(Whys(), ElementsAre(HasSubstr("contract_broken: "), "scripted failure", "chosen"));
  EXPECT_EQ(sink.answer()->candidates[0].why, Whys()[0]) << "the client is told, too";
}

TEST_F(ExplainTest, OfEqualsTheLaterOnesAreAsGood) {
  mixture.strategy = "select";
  mixture.quorum = 3;
  AsyncEvent gate(context.get_executor());
  Model("a").Then(FakeAnswer().Wait(gate).Text("{}").Finish());
  Model("b").Then(Says("{}"));
  Model("c").Then(FakeAnswer().Hang());
  MakeEngine();
  asio::co_spawn(context, engine->Run(AskForJson(), http, sink), [](std::exception_ptr, Status) {});
  context.poll();
  gate.Set();
  context.restart();
  context.run();
  EXPECT_THAT(Whys(),
              ElementsAre("chosen", "usable, too; a was chosen", "stopped, as the choice is made"));
}

TEST_F(ExplainTest, ACriticWritesFromThem) {
  AllMembersSay("draft");
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(Whys(), std::vector<std::string>(3, "usable; critic wrote from all that are"));
}

TEST_F(ExplainTest, WhereNoneIsUsableTheBestIsChosen) {
  Model("a").Then(FakeAnswer().Refusal("no").Finish());
  Model("b").Then(FakeAnswer().Text("cut he").Finish(FinishReason::kLength));
  Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamConnect));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_THAT(Whys(), ElementsAre("refused: the model or its provider refused",
                                  "chosen, as none is usable: cut: the limit of tokens was reached",
                                  "scripted failure"));
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ::testing::Contains("no usable candidate: cut: the limit of tokens was reached"));
}

TEST_F(ExplainTest, ARunThatFailedHasItToo) {
  for (const char* name : {"a", "b", "c"}) {
    Model(name).Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamConnect));
  }
  EXPECT_FALSE(Run(Ask("question")).ok());
  EXPECT_EQ(Whys(), std::vector<std::string>(3, "scripted failure"));
}

TEST_F(ExplainTest, OneModelIsAskedAlone) {
  Model("b").Then(Says("one"));
  RunRequest request = Ask("question");
  request.model = "b";
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(sink.answer()->strategy_reason, "one model was asked for");
  EXPECT_THAT(Whys(), ElementsAre("chosen"));
}

}  // namespace
}  // namespace mom::testing
