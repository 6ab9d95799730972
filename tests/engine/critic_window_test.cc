// Critics whose context window is too small for the conversation.
#include <gmock/gmock.h>

#include "service/base/reasons.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class CriticWindowTest : public EngineTest {
 protected:
  CriticWindowTest() {
    AllMembersSay("draft");
    mixture.critic_fallbacks = {"crit2", "a"};
    Model("crit2").Always(Says("by crit2"));
  }

  void Overflows(const std::string& name) {
    Model(name).Then(
        FakeAnswer().Fail(StatusCode::kInvalidArgument, reason::kContextLengthExceeded));
  }
};

TEST_F(CriticWindowTest, AfterAnOverflowOnlyALargerWindowIsAsked) {
  models["critic"].context_window = models["crit2"].context_window = 8000;
  models["a"].context_window = 16000;
  Overflows("critic");
  Model("a").Then(Says("by a"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "by a");
  EXPECT_THAT(Model("crit2").calls(), IsEmpty());
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre("critic critic: CONTEXT_LENGTH_EXCEEDED",
                          "critic crit2: CONTEXT_LENGTH_EXCEEDED"));
}

TEST_F(CriticWindowTest, AWindowThatIsNotKnownIsTried) {
  models["critic"].context_window = 8000;
  Overflows("critic");
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->completion.text, "by crit2");
}

TEST_F(CriticWindowTest, AConversationThatCannotFitIsNotSent) {
  models["critic"].context_window = 100;
  ASSERT_TRUE(Run(Ask(std::string(4000, 'x'))).ok());
  EXPECT_EQ(sink.answer()->completion.text, "by crit2");
  EXPECT_THAT(Model("critic").calls(), IsEmpty());
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre("critic critic: CONTEXT_LENGTH_EXCEEDED"));
}

TEST_F(CriticWindowTest, WhereNoneFitsTheBestCandidateGoesOut) {
  for (const char* name : {"critic", "crit2", "a"}) models[name].context_window = 900;
  mixture.critic_fallbacks = {"crit2"};
  mixture.members = {"b", "c"};
  mixture.quorum = 2;
  ASSERT_TRUE(Run(Ask(std::string(4000, 'x'))).ok());
  EXPECT_EQ(sink.answer()->completion.text, "draft b");
  EXPECT_TRUE(sink.answer()->degraded());
}

}  // namespace
}  // namespace mom::testing
