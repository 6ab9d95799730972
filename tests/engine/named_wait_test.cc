// What becomes of a request where a provider wants a wait.
#include <chrono>

#include "service/base/reasons.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;
using ::testing::ElementsAre;

class NamedWaitTest : public EngineTest {
 protected:
  NamedWaitTest() { retry = RetryConfig{3, milliseconds(0), milliseconds(0)}; }

  // An answer that asks to come again, later than a retry would.
  static FakeAnswer Later() {
    ErrorInfo info;
    info.reason = reason::kUpstreamRateLimited;
    info.retry_after = milliseconds(1);
    return FakeAnswer().Fail(MakeError(StatusCode::kResourceExhausted, "slower", info));
  }
  void Answer(const std::string& name) { Model(name).Then(Says("by " + name)); }
  std::vector<std::size_t> Calls() const {
    std::vector<std::size_t> calls;
    for (const char* name : {"a", "b", "c"}) calls.push_back(clients.at(name)->calls().size());
    return calls;
  }
};

TEST_F(NamedWaitTest, TheNextCriticIsAskedAndTheLastOneIsWaitedFor) {
  AllMembersSay("draft");
  Model("critic").Then(Later());
  Model("crit2").Then(Later()).Then(Says("final"));
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "crit2");
  EXPECT_EQ(Model("critic").calls().size(), 1u);
}

TEST_F(NamedWaitTest, SingleAsksTheNextMemberAndWaitsForTheLast) {
  mixture.strategy = "single";
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Later());
  Answer("c");
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "c");
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 2));
}

TEST_F(NamedWaitTest, WhoWouldNotBeAskedCannotStandIn) {
  for (const char* name : {"b", "c"}) {
    states[name] = std::make_shared<TargetState>();
    states[name]->NotBefore(models[name], Deadline::Clock::now() + std::chrono::hours(1));
  }
  mixture.strategy = "single";
  Model("a").Then(Later());
  Answer("a");
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "a");
}

TEST_F(NamedWaitTest, AMemberIsNotWaitedForWhereTheOthersMakeTheQuorum) {
  Model("a").Then(Later());
  for (const char* name : {"b", "c", "critic"}) Answer(name);
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_THAT(Calls(), ElementsAre(1, 1, 1));
  EXPECT_THAT(sink.answer()->degraded_reasons,
              ElementsAre("member a failed: UPSTREAM_RATE_LIMITED"));
}

TEST_F(NamedWaitTest, AsManyMembersAreWaitedForAsTheQuorumNeeds) {
  for (const char* name : {"a", "b", "c"}) Model(name).Then(Later());
  for (const char* name : {"b", "c", "critic"}) Answer(name);
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_THAT(Calls(), ElementsAre(1, 2, 2));
}

TEST_F(NamedWaitTest, WhoFailedCannotStandInForOne) {
  Model("a").Then(FakeAnswer().Fail(StatusCode::kInvalidArgument, reason::kUpstreamBadRequest));
  Model("b").Then(Later());
  for (const char* name : {"b", "c", "critic"}) Answer(name);
  ASSERT_TRUE(Run(Ask("question")).ok());
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_THAT(Calls(), ElementsAre(1, 2, 1));
}

TEST_F(NamedWaitTest, AModelAskedByItsNameIsWaitedFor) {
  Model("a").Then(Later());
  Answer("a");
  RunRequest request = Ask("question");
  request.model = "a";
  ASSERT_TRUE(Run(std::move(request)).ok());
  EXPECT_EQ(Calls().front(), 2u);
}

}  // namespace
}  // namespace mom::testing
