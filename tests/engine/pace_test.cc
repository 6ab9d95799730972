#include "service/engine/pace.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;

ModelsConfig Config(const std::string& id, const std::string& base_url) {
  ModelsConfig config;
  ProviderConfig provider;
  provider.name = "p";
  provider.base_url = base_url;
  config.providers.push_back(provider);
  for (const char* name : {"kept", "changed"}) {
    ModelConfig model;
    model.name = name;
    model.provider = "p";
    if (name == std::string("changed")) model.id = id;
    config.models.push_back(model);
  }
  return config;
}

TEST(PaceTable, KeepsWhatItKnowsOfModelsThatAReloadLeavesAsTheyAre) {
  PaceTable table;
  const auto kept = table.Get("kept");
  const auto changed = table.Get("changed");
  table.OnReload(Config("1", "http://a"), Config("2", "http://a"));
  EXPECT_EQ(table.Get("kept"), kept);
  EXPECT_NE(table.Get("changed"), changed);
  table.OnReload(Config("2", "http://a"), Config("2", "http://b"));
  EXPECT_NE(table.Get("kept"), kept) << "its provider is another one";
  const auto gone = table.Get("kept");
  table.OnReload(Config("2", "http://b"), ModelsConfig());
  EXPECT_NE(table.Get("kept"), gone);
}

TEST(Pace, IsSharedByThreads) {
  Pace pace;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int k = 0; k < 5; ++k) pace.Add(Pace::Of::kMemberAnswer, milliseconds(3));
      pace.ToGo(Pace::Of::kMemberAnswer, 0.9);
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(pace.ToGo(Pace::Of::kMemberAnswer, 0.9), Pace::Duration(milliseconds(3)));
}

}  // namespace
}  // namespace mom::testing
