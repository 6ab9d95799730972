// What clients are told about the context windows of mixtures.
#include "service/rpc/list_models.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace mom::testing {
namespace {

// The window that a mixture of members with these windows is said to have.
std::int64_t WindowOf(const std::vector<std::int64_t>& members) {
  ModelsConfig models;
  MixturesConfig mixtures;
  MixtureConfig& mixture = mixtures.mixtures.emplace_back();
  mixture.name = "mom";
  for (const std::int64_t window : members) {
    ModelConfig& model = models.models.emplace_back();
    model.name = "m" + std::to_string(models.models.size());
    model.context_window = window;
    mixture.members.push_back(model.name);
  }
  const EngineSnapshot snapshot{
      .load_time = {},
      .models = models,
      .mixtures = mixtures,
      .registry = ModelRegistry(std::map<std::string, RegisteredModel>())};
  const auto list = ListModels(snapshot, v1::ListModelsRequest());
  return list.ok() ? list->models(0).context_window() : -1;
}

TEST(ListModelsTest, AMixtureHasItsLargestMembersWindow) {
  EXPECT_EQ(WindowOf({4096, 200'000, 32'768}), 200'000);
}

TEST(ListModelsTest, AMixtureWithAMemberWhoseWindowIsNotKnownHasNone) {
  EXPECT_EQ(WindowOf({4096, 0}), 0);
}

}  // namespace
}  // namespace mom::testing
