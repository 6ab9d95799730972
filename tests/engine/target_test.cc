// What becomes of a mixture whose targets refuse.
#include <chrono>

#include "service/base/reasons.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Everybody answers, but for those of whom a test says otherwise; `now` is the targets' clock.
class TargetTest : public EngineTest {
 protected:
  TargetTest() {
    guarded = true;
    for (const char* name : {"a", "b", "c", "critic", "crit2"}) Answers(name);
  }

  void Answers(const std::string& name) { Model(name).Always(Says("by " + name)); }
  void Fails(const std::string& name, const char* reason = reason::kUpstreamError) {
    Model(name).Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason));
  }
  // One more request, under the same targets.
  Status AskAgain(const std::string& model = "mom") {
    sink = RecordingSink();
    observer.records.clear();
    RunRequest request = Ask("question");
    request.model = model;
    return Run(std::move(request));
  }
  std::string AnsweredBy() {
    EXPECT_TRUE(AskAgain().ok());
    return sink.answer() == nullptr ? "" : sink.answer()->answered_by;
  }
  std::size_t Calls(const std::string& name) { return Model(name).calls().size(); }
};

TEST_F(TargetTest, AMemberWhoseBreakerIsOpenIsSkippedAndDoesNotCount) {
  Fails("c");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AnsweredBy(), "critic");
  EXPECT_EQ(Calls("c"), 5u);
  EXPECT_EQ(AnsweredBy(), "critic");
  EXPECT_EQ(Calls("c"), 5u);
  const auto answer = sink.answer();
  EXPECT_EQ(answer->candidates[2].state, CandidateState::kSkipped);
  EXPECT_EQ(answer->candidates[2].attempts, 0);
  EXPECT_EQ(GetErrorInfo(answer->candidates[2].error).reason, reason::kTargetOpen);
  EXPECT_THAT(answer->degraded_reasons, ElementsAre("member c skipped: TARGET_OPEN"));
}

TEST_F(TargetTest, TheQuorumIsThatOfThoseWhoWereAsked) {
  Fails("c");
  for (int i = 0; i < 5; ++i) AnsweredBy();
  // Of three, two would be the quorum; of the two that are asked it is one.
  mixture.grace.min = mixture.grace.max = milliseconds(0);
  Model("b").Always(FakeAnswer().Hang());
  EXPECT_EQ(AnsweredBy(), "a");
  EXPECT_EQ(sink.answer()->candidates[1].state, CandidateState::kCancelled);
}

TEST_F(TargetTest, ADeadCriticIsPassedOverOnceItsBreakerIsOpen) {
  Fails("critic");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AnsweredBy(), "crit2");
  EXPECT_EQ(Calls("critic"), 5u);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AnsweredBy(), "crit2");
  EXPECT_EQ(Calls("critic"), 5u);
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("critic critic: TARGET_OPEN"));

  now += seconds(1);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AnsweredBy(), "crit2");
  EXPECT_EQ(Calls("critic"), 6u) << "one probe";

  Answers("critic");
  now += seconds(2);
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AnsweredBy(), "critic");
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(TargetTest, ItIsBackWithinTheLongestOpenTimeOfItsRecovery) {
  Fails("critic");
  for (int i = 0; i < 200; ++i, now += seconds(5)) EXPECT_EQ(AnsweredBy(), "crit2");
  Answers("critic");
  now += seconds(30);
  EXPECT_EQ(AnsweredBy(), "critic");
}

TEST_F(TargetTest, WithRetriesTheBreakerOpensSooner) {
  retry = RetryConfig{3, milliseconds(0), milliseconds(0)};
  Fails("critic");
  for (int i = 0; i < 5; ++i) EXPECT_EQ(AnsweredBy(), "crit2");
  EXPECT_EQ(Calls("critic"), 5u);
}

TEST_F(TargetTest, AMemberThatAskedForTimeIsAskedAgainThen) {
  ErrorInfo info;
  info.reason = reason::kUpstreamRateLimited;
  info.retry_after = seconds(60);
  Model("b").Then(FakeAnswer().Fail(MakeError(StatusCode::kResourceExhausted, "slower", info)));
  for (int i = 0; i < 3; ++i, now += seconds(20)) {
    EXPECT_EQ(AnsweredBy(), "critic");
    EXPECT_EQ(Calls("b"), 1u);
  }
  EXPECT_EQ(GetErrorInfo(sink.answer()->candidates[1].error).reason, reason::kTargetNotBefore);
  EXPECT_EQ(AnsweredBy(), "critic");
  EXPECT_EQ(Calls("b"), 2u);
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(TargetTest, AModelThatRefusesFailsTheRequestThatNamesIt) {
  Fails("a", reason::kUpstreamAuth);
  EXPECT_EQ(GetErrorInfo(AskAgain("a")).reason, reason::kUpstreamAuth);
  const Status refused = AskAgain("a");
  EXPECT_EQ(refused.code(), StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorInfo(refused).reason, reason::kTargetOpen);
  EXPECT_EQ(GetErrorInfo(refused).metadata.at("cause"), reason::kUpstreamAuth);
  EXPECT_TRUE(GetErrorInfo(refused).retry_after);
  EXPECT_EQ(Calls("a"), 1u);
}

TEST_F(TargetTest, TheNextMemberAnswersInItsPlace) {
  mixture.strategy = "single";
  Fails("a", reason::kUpstreamAuth);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(AnsweredBy(), "b");
  EXPECT_EQ(Calls("a"), 1u);
  EXPECT_EQ(sink.answer()->candidates[0].state, CandidateState::kSkipped);
}

TEST_F(TargetTest, WhereAllRefuseTheErrorSaysWhenToAskAgain) {
  for (const char* name : {"a", "b", "c"}) Fails(name, reason::kUpstreamModelNotFound);
  EXPECT_FALSE(AskAgain().ok());
  const Status refused = AskAgain();
  const ErrorInfo info = GetErrorInfo(refused);
  EXPECT_EQ(info.reason, reason::kAllMembersFailed);
  EXPECT_EQ(info.metadata.at("member.a"), reason::kTargetOpen);
  EXPECT_TRUE(info.retry_after);
  EXPECT_THAT(observer.records.at(0)->attempts(), IsEmpty());
}

}  // namespace
}  // namespace mom::testing
