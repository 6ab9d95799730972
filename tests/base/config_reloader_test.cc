#include "service/base/config_reloader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "service/base/log.h"

namespace mom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Limits {
  int threads = 1;
  bool operator==(const Limits&) const = default;
};
struct TestConfig {
  std::string text;
  Limits limits;
  bool operator==(const TestConfig&) const = default;
};

class ConfigReloaderTest : public ::testing::Test {
 protected:
  ConfigReloaderTest()
      : reloader_(
            {"first", {}},
            {{"text", MemberDiffers<TestConfig, &TestConfig::text>},
             {"limits.threads", MemberDiffers<TestConfig, &TestConfig::limits, &Limits::threads>}},
            [this](std::vector<std::string>& files) {
              files = {"config", "key"};
              return next_;
            },
            [this](const TestConfig& config, std::uint64_t generation) {
              applied_.push_back(config.text + " " + std::to_string(generation));
            }) {}

  // What the reload logs.
  std::string Reload(StatusOr<TestConfig> next) {
    next_ = std::move(next);
    ::testing::internal::CaptureStderr();
    EXPECT_THAT(reloader_.Reload(), ElementsAre("config", "key"));
    return ::testing::internal::GetCapturedStderr();
  }

  StatusOr<TestConfig> next_;
  std::vector<std::string> applied_;
  ConfigReloader<TestConfig> reloader_;
};

const Status kMistake = absl::InvalidArgumentError("c.yaml:3 a.b: is odd; write it even");

TEST_F(ConfigReloaderTest, EachOtherConfigIsANewGeneration) {
  EXPECT_THAT(Reload(TestConfig{"second", {}}),
              HasSubstr(R"("event":"config_live","config_generation":2)"));
  Reload(TestConfig{"first", {}});
  EXPECT_THAT(applied_, ElementsAre("second 2", "first 3"));
  EXPECT_EQ(reloader_.live().text, "first");
}

TEST_F(ConfigReloaderTest, TheSameConfigStays) {
  EXPECT_THAT(Reload(TestConfig{"first", {}}),
              HasSubstr(R"("event":"config_unchanged","config_generation":1)"));
  EXPECT_THAT(applied_, IsEmpty());
}

TEST_F(ConfigReloaderTest, AnInvalidOneKeepsTheOldAndTellsEachMistake) {
  Reload(TestConfig{"second", {}});
  const std::string log = Reload(kMistake);
  EXPECT_THAT(log, HasSubstr(R"("level":"error","event":"config_invalid")"));
  EXPECT_THAT(log, HasSubstr("c.yaml:3 a.b: is odd; write it even"));
  EXPECT_THAT(log, HasSubstr(R"("config_generation":2)"));
  EXPECT_THAT(applied_, ElementsAre("second 2"));
  EXPECT_EQ(reloader_.live().text, "second");
  EXPECT_THAT(Reload(TestConfig{"second", {}}), HasSubstr("config_unchanged"));
}

TEST_F(ConfigReloaderTest, KeysThatNeedARestartAreNamedUntilTheyAreBack) {
  EXPECT_THAT(Reload(TestConfig{"first", {2}}),
              HasSubstr(R"("event":"config_needs_restart","keys":"limits.threads")"));
  EXPECT_THAT(Reload(TestConfig{"second", {2}}), HasSubstr(R"("keys":"text, limits.threads")"));
  EXPECT_THAT(Reload(TestConfig{"first", {1}}), Not(HasSubstr("config_needs_restart")));
}

}  // namespace
}  // namespace mom
