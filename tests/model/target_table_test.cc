#include "service/model/target_table.h"

#include <gtest/gtest.h>

#include "service/base/reasons.h"

namespace mom {
namespace {

class TargetTableTest : public ::testing::Test {
 protected:
  TargetTableTest() {
    provider_.base_url = "https://h/v1";
    provider_.api_key = Secret("sk-1");
    model_.name = "writer";
    model_.id = "vendor/x";
  }

  ProviderConfig provider_;
  ModelConfig model_;
  TargetTable table_;
};

TEST_F(TargetTableTest, AStateLivesThroughAReloadThatLeavesItsTargetAsItIs) {
  const auto state = table_.Get(provider_, model_);
  model_.name = "author";
  model_.temperature = 1;
  model_.retry.floor = 3;
  provider_.name = "renamed";
  EXPECT_EQ(table_.Get(provider_, model_), state);
}

TEST_F(TargetTableTest, AnotherUrlModelKeyOrHeaderIsAnotherTarget) {
  const auto state = table_.Get(provider_, model_);
  ProviderConfig provider = provider_;
  provider.base_url = "https://other/v1";
  EXPECT_NE(table_.Get(provider, model_), state);
  provider = provider_;
  provider.api_key = Secret("sk-2");
  EXPECT_NE(table_.Get(provider, model_), state);
  provider = provider_;
  provider.headers.emplace_back("api-key", "sk-3");
  EXPECT_NE(table_.Get(provider, model_), state);
  ModelConfig model = model_;
  model.id = "vendor/y";
  EXPECT_NE(table_.Get(provider_, model), state);
  EXPECT_EQ(table_.Get(provider_, model_), state);
}

TEST_F(TargetTableTest, AStateGoesWithTheLastWhoHoldsIt) {
  auto state = table_.Get(provider_, model_);
  const std::weak_ptr<TargetState> before = state;
  state.reset();
  EXPECT_TRUE(before.expired());
  EXPECT_NE(table_.Get(provider_, model_), nullptr);
}

TEST_F(TargetTableTest, ANewSnapshotLetsTheRejectedTryAgain) {
  const auto state = table_.Get(provider_, model_);
  const TargetState::Time now(std::chrono::seconds(1'000'000));
  const Status denied =
      MakeError(StatusCode::kFailedPrecondition, "no", std::string_view(reason::kUpstreamAuth));
  state->OnEnd(*state->Admit(model_, now), denied, model_, now, 0.5);
  ASSERT_FALSE(state->WouldAdmit(model_, now));
  table_.Get(provider_, model_);
  EXPECT_TRUE(state->WouldAdmit(model_, now));
}

}  // namespace
}  // namespace mom
