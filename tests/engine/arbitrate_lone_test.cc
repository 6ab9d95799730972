// `arbitrate` where one model alone is for a call that changes something.
#include "tests/engine/arbitrate_fixture.h"

namespace mom::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

// The critic is the first member, as where none is configured.
class LoneTest : public ArbitrateTest {
 protected:
  LoneTest() {
    mixture.critic = "a";
    mixture.critic_fallbacks.clear();
  }
  std::size_t CallsOf(const std::string& name) { return Model(name).calls().size(); }
};

constexpr char kOne[] = R"({"p":1})";
constexpr char kTwo[] = R"({"p":2})";

TEST_F(LoneTest, WhoProposedItIsNotItsOnlyArbiter) {
  Model("a").Then(Calls("write", kOne)).Then(Calls("write", kTwo));
  Model("b").Then(Says("It is done.")).Then(Calls("write", kTwo));
  Model("c").Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, kTwo);
  EXPECT_EQ(sink.answer()->answered_by, "a") << "it ruled so first";
  EXPECT_THAT(TextOf(Model("b").call(1).request->messages.back()), HasSubstr(R"("p":2)"))
      << "the second one sees what the first ruled";
  EXPECT_THAT(sink.answer()->degraded_reasons, Not(Contains(HasSubstr("alone"))));
}

TEST_F(LoneTest, TheSecondOneMayRuleOtherwise) {
  Model("a").Then(Calls("write", kOne)).Then(Calls("write", kOne));
  Model("b").Then(Says("It is done.")).Then(Calls("read"));
  Model("c").Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).name, "read");
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(LoneTest, AnotherMembersProposalIsTheSecondWord) {
  Model("a").Then(Calls("read")).Then(Calls("write", kOne));
  Model("b").Then(Calls("write", kOne));
  Model("c").Then(Says("It is done."));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_EQ(CallsOf("b"), 1u);
  EXPECT_EQ(CallsOf("c"), 1u);
}

TEST_F(LoneTest, ACriticApartIsEnough) {
  mixture.critic = "critic";
  Model("a").Then(Calls("write", kOne));
  Model("b").Then(Says("It is done."));
  Model("c").Then(FakeAnswer().Fail(kDown));
  Model("critic").Then(Calls("write", kTwo));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(sink.answer()->answered_by, "critic");
  EXPECT_EQ(CallsOf("b"), 1u);
}

TEST_F(LoneTest, WhereNobodyElseLivesItGoesOutAndSaysSo) {
  Model("a").Then(Calls("write", kOne)).Then(Calls("write", kTwo));
  for (const char* name : {"b", "c"}) Model(name).Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, kTwo);
  EXPECT_THAT(sink.answer()->degraded_reasons,
              Contains("no arbiter decided, and one model alone is for write"));
}

TEST_F(LoneTest, WhereTheCriticIsDeadAnotherMemberDecides) {
  mixture.critic = "critic";
  Model("critic").Then(FakeAnswer().Fail(kDown));
  Model("a").Then(Calls("write", kOne));
  Model("b").Then(Calls("write", kTwo)).Then(Calls("write", kOne));
  Model("c").Then(FakeAnswer().Fail(kDown));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, kOne);
  EXPECT_EQ(sink.answer()->answered_by, "a");
  EXPECT_THAT(sink.answer()->degraded_reasons, Not(Contains(HasSubstr("alone"))));
  EXPECT_EQ(CallsOf("a"), 1u);
}

TEST_F(LoneTest, OneMoreIsAskedAndNoMore) {
  Model("a").Then(Calls("write", kOne)).Then(Calls("write", kOne));
  Model("b").Then(Calls("write", kTwo)).Then(Calls("write", kTwo));
  Model("c").Then(Calls("write", R"({"p":3})"));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).arguments_json, kOne) << "as the critic ruled";
  EXPECT_THAT(sink.answer()->degraded_reasons, Contains(HasSubstr("one model alone is for write")));
  const CallPlan plan = ArbitrateStrategy().Plan(mixture);
  EXPECT_EQ(static_cast<int>(observer.records.at(0)->attempts().size()),
            plan.calls + plan.fallbacks);
}

TEST_F(LoneTest, WhereThereIsSomethingBetterToGiveOutThatDoes) {
  Model("a").Then(Calls("write", kOne)).Then(Calls("write", kOne));
  Model("b").Then(Calls("read", kOne)).Then(FakeAnswer().Fail(kDown));
  Model("c").Then(Says("It is done."));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).name, "read");
  EXPECT_EQ(sink.answer()->answered_by, "b");
}

TEST_F(LoneTest, OfSamplesOfOneModelItsOwnRulingIsEnough) {
  mixture.strategy = "self";
  mixture.members = {"a"};
  mixture.samples = 3;
  Model("a").Then(Calls("write", kOne)).Then(Says("It is done.")).Then(Calls("read"));
  Model("a").Then(Calls("write", kOne));
  ASSERT_TRUE(Run(AskWithTools()).ok());
  EXPECT_EQ(Emitted().at(0).name, "write");
  EXPECT_THAT(sink.answer()->degraded_reasons, IsEmpty());
}

}  // namespace
}  // namespace mom::testing
