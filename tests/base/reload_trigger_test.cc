#include "service/base/reload_trigger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>
#include <filesystem>

#include "tests/testing/temporary_folder.h"

namespace mom {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryFolder;

class ReloadTriggerTest : public ::testing::Test {
 protected:
  ReloadTriggerTest()
      : trigger_(loop_, {folder_ / "config.yaml"}, [this] {
          ++reloads_;
          return std::vector<std::string>{folder_ / "other.yaml"};
        }) {}

  // Lets the loop run until so many reloads have come; a watched change takes its quiet time.
  void RunUntil(int reloads) {
    while (reloads_ < reloads) loop_.run_one();
    EXPECT_EQ(reloads_, reloads);
  }

  const TemporaryFolder folder_;
  asio::io_context loop_;
  int reloads_ = 0;
  ReloadTrigger trigger_;
};

TEST_F(ReloadTriggerTest, EachHangupReloadsAtOnce) {
  for (int i = 1; i <= 3; ++i) {
    std::raise(SIGHUP);
    RunUntil(i);
  }
}

TEST_F(ReloadTriggerTest, WatchesTheFilesThatTheLastReloadNamed) {
  folder_.Write("config.yaml", "a");
  RunUntil(1);
  folder_.Write("other.yaml", "a");
  RunUntil(2);
}

TEST(ReloadTriggerFailureTest, WhatCannotBeWatchedIsLoggedAndSignalsStillWork) {
  const TemporaryFolder folder;
  asio::io_context loop;
  int reloads = 0;
  ::testing::internal::CaptureStderr();
  ReloadTrigger trigger(loop, {folder.Write("file", "") + "/config.yaml"}, [&] {
    ++reloads;
    return std::vector<std::string>();
  });
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("\"event\":\"config_not_watched\""));
  EXPECT_THAT(log, HasSubstr("/file (Not a directory)"));
  std::raise(SIGHUP);
  while (reloads == 0) loop.run_one();
}

}  // namespace
}  // namespace mom
