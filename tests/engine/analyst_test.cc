// Synthesis in steps: the analysis before the answer.
#include "service/engine/analyst.h"

#include "service/engine/critic_prompt.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr char kAnalysis[] = R"({"conflicts":["A has 3, B has 4; 4 is right"],"best":"B"})";

class AnalystTest : public EngineTest {
 protected:
  AnalystTest() { mixture.analysis = "separate"; }

  std::string CriticSaw(std::size_t call) {
    return TextOf(Model("critic").call(call).request->messages.back());
  }
  std::vector<std::string> Stages() const {
    std::vector<std::string> stages;
    for (const StageEvent& event : observer.records.back()->stages) stages.push_back(event.name);
    return stages;
  }
};

TEST_F(AnalystTest, TheWriterGetsTheAnalysisBehindTheSameCandidates) {
  AllMembersSay("draft");
  Model("critic").Then(Says(kAnalysis)).Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_THAT(sink.answer()->notes, IsEmpty());
  EXPECT_THAT(Stages(),
              ElementsAre("strategy", "members", "quorum", "gathered", "analysis", "critic"));
  // All that comes before the instruction is the same, so that a provider's cache has it.
  const std::string first = CriticSaw(0);
  const std::string second = CriticSaw(1);
  const std::size_t drafts = first.find("Above are draft answers");
  ASSERT_NE(drafts, std::string::npos);
  EXPECT_THAT(second, StartsWith(first.substr(0, drafts)));
  EXPECT_THAT(second.substr(drafts), StartsWith("<analysis "));
  EXPECT_THAT(second, HasSubstr("4 is right"));
  EXPECT_THAT(second, HasSubstr(kCriticInstruction));
  EXPECT_EQ(observer.records.back()->attempts()[3].role, CallRole::kAnalysis);
  EXPECT_EQ(sink.answer()->usage.total_tokens(), 5 * 15) << "its cost is in the sum";
}

TEST_F(AnalystTest, IsAskedForItsOwnFormInABoundedNumberOfTokens) {
  AllMembersSay("draft");
  Model("critic").Then(Says(kAnalysis)).Then(Says("final"));
  RunRequest request = Ask("question");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->params.max_output_tokens = 20;
  chat->params.stop = {"\n"};
  Tool tool;
  tool.name = "read";
  chat->tools.push_back(tool);
  request.chat = std::move(chat);
  ASSERT_TRUE(Run(request).ok());
  const ChatRequest& asked = *Model("critic").call(0).request;
  EXPECT_EQ(asked.params.max_output_tokens, 2000);
  EXPECT_THAT(asked.params.stop, IsEmpty());
  EXPECT_EQ(asked.tool_choice->mode, ToolChoice::Mode::kNone);
  EXPECT_EQ(Model("critic").call(1).request->params.max_output_tokens, 20);
}

TEST_F(AnalystTest, WithoutAUsableOneTheWriterGoesOn) {
  AllMembersSay("draft");
  Model("critic").Then(Says("They agree.")).Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_FALSE(sink.answer()->degraded());
  EXPECT_THAT(sink.answer()->notes, ElementsAre(HasSubstr("no JSON object")));
  EXPECT_THAT(CriticSaw(1), Not(HasSubstr("<analysis ")));
}

TEST_F(AnalystTest, ACriticThatFailedAtItIsNotAskedAgainWhereThereIsAnother) {
  struct Case {
    FakeAnswer answer;
    std::string note;
    std::string degraded;
  };
  const std::vector<Case> cases = {
      {FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError), "scripted failure",
       "critic critic: UPSTREAM_ERROR"},
      {FakeAnswer().Text("{\"consensus\": [\"cut"), "broke off",
       "critic critic: UPSTREAM_INCOMPLETE"},
      {FakeAnswer().Hang(), "the time of the analysis was up", "critic critic: silent"}};
  for (const auto& [answer, note, degraded] : cases) {
    sink.events.clear();
    observer.records.clear();
    AllMembersSay("draft");
    clients["critic"] = std::make_shared<FakeModelClient>("critic");
    Model("critic").Then(answer);
    Model("crit2").Then(Says("final"));
    RunRequest request = Ask("question");
    request.timeout = std::chrono::milliseconds(400);
    ASSERT_TRUE(Run(request).ok());
    EXPECT_EQ(sink.answer()->completion.text, "final") << note;
    EXPECT_EQ(Model("critic").calls().size(), 1u) << note;
    EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre(degraded));
    EXPECT_THAT(sink.answer()->notes, ElementsAre(HasSubstr(note)));
  }
}

TEST_F(AnalystTest, WhereThereIsNoOtherTheCriticIsAskedAgain) {
  mixture.critic_fallbacks.clear();
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(AnalystTest, WhoIsLateButAtWorkAlsoWrites) {
  AllMembersSay("draft");
  Model("critic").Then(FakeAnswer().Text("{").Hang()).Then(Says("final"));
  RunRequest request = Ask("question");
  request.timeout = std::chrono::milliseconds(400);
  ASSERT_TRUE(Run(request).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(AnalystTest, OneThatRepeatsTheFenceIsNotPassedOn) {
  mixture.members = {"a", "b"};
  Model("a").Then(Says("draft a"));
  Model("b").Then(Says("draft b"));
  Model("critic").By([](const ChatRequest& asked) {
    const std::string tail = TextOf(asked.messages.back());
    const std::string nonce = tail.substr(tail.find("<draft A ") + 9, 32);
    return Says(asked.params.max_output_tokens ? "{\"unique\": [\"" + nonce + "\"]}" : "final");
  });
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_THAT(CriticSaw(1), Not(HasSubstr("<analysis ")));
  EXPECT_THAT(sink.answer()->notes, ElementsAre(HasSubstr("fence")));
}

TEST_F(AnalystTest, InlineIsOneCallThatIsToThinkFirst) {
  mixture.analysis = "inline";
  AllMembersSay("draft");
  Model("critic").Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_THAT(CriticSaw(0), HasSubstr(std::string(kCriticInstruction) + kInlineAnalysis));
}

TEST_F(AnalystTest, NobodyIsAskedWhereAllSayTheSameInAFewWords) {
  for (const char* analysis : {"separate", "inline", "off"}) {
    mixture.analysis = analysis;
    sink.events.clear();
    observer.records.clear();
    clients["critic"] = std::make_shared<FakeModelClient>("critic");
    Model("critic").Always(Says("final"));
    Model("a").Then(Says("It is Paris."));
    Model("b").Then(Says(" it is\n paris"));
    Model("c").Then(Says("It is PARIS.\n"));
    ASSERT_TRUE(Run(Ask("question")).ok());
    const bool is_off = mixture.analysis == "off";
    EXPECT_EQ(sink.answer()->completion.text, is_off ? "final" : "It is Paris.");
    EXPECT_EQ(Model("critic").calls().size(), is_off ? 1u : 0u);
    EXPECT_FALSE(sink.answer()->degraded());
    if (is_off) continue;
    EXPECT_EQ(observer.records.back()->stages.back().detail, "all usable candidates say the same");
  }
}

TEST_F(AnalystTest, LongAnswersThatAreTheSameAreAnalysed) {
  const std::string same(300, 'x');
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Says(same));
  Model("critic").Then(Says(kAnalysis)).Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
}

TEST_F(AnalystTest, AConversationThatItsWindowCannotTakeIsNotAnalysed) {
  models["critic"].context_window = 10;
  AllMembersSay("draft");
  Model("crit2").Then(Says("final"));
  ASSERT_TRUE(Run(Ask(std::string(4000, 'x'))).ok());
  EXPECT_EQ(sink.answer()->completion.text, "final");
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
  EXPECT_THAT(sink.answer()->notes, Contains(HasSubstr(reason::kContextLengthExceeded)));
}

}  // namespace
}  // namespace mom::testing
