#include "service/model/model_registry.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

TEST(ModelRegistry, HasTheModelsWhoseProvidersAreOn) {
  ModelsConfig config;
  config.providers.resize(2);
  config.providers[0].name = "on";
  config.providers[1].name = "off";
  config.providers[1].off_because = "SOME_API_KEY";
  config.models.resize(2);
  config.models[0].name = "writer";
  config.models[0].provider = "on";
  config.models[0].context_window = 8000;
  config.models[1].name = "reader";
  config.models[1].provider = "off";
  TargetTable targets;
  const ModelRegistry registry(config, targets);
  ASSERT_NE(registry.Find("writer"), nullptr);
  EXPECT_EQ(registry.Find("writer")->config.context_window, 8000);
  EXPECT_NE(registry.Find("writer")->client, nullptr);
  EXPECT_EQ(registry.Find("reader"), nullptr);
  EXPECT_EQ(registry.Find("nobody"), nullptr);
}

}  // namespace
}  // namespace mom
