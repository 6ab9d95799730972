// What a reload of momd's config does.
#include "service/live_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "service/base/log.h"
#include "tests/config/config_testing.h"
#include "tests/testing/temporary_folder.h"

namespace mom {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using testing::kSmallConfig;
using ::testing::Not;
using testing::Parsed;
using testing::Variables;
using testing::With;

const Variables kKey = {{"KEY_B", "k"}};

// Whether a model of `config` would be asked now, as far as `targets` know.
bool WouldAsk(TargetTable& targets, const Config& config, const std::string& model) {
  const ModelConfig& found = *config.models.FindModel(model);
  return targets.Get(*config.models.FindProvider(found.provider), found)
      ->WouldAdmit(found, Deadline::Clock::now());
}

TEST(LiveConfigTest, WhatIsKnownOfATargetStays) {
  const Config config = Parsed(kSmallConfig, kKey);
  TargetTable targets;
  Engine engine(MakeSnapshot(config, 1, targets), {});
  for (const char* name : {"alpha", "beta"}) {
    const ModelConfig& model = *config.models.FindModel(name);
    targets.Get(*config.models.FindProvider(model.provider), model)
        ->NotBefore(model, Deadline::Clock::now() + std::chrono::hours(1));
  }
  const Config tuned =
      Parsed(With("alpha: {provider: pa}", "alpha: {provider: pa, top_p: 0.5}"), kKey);
  GoLive(tuned, 2, targets, engine);
  EXPECT_FALSE(WouldAsk(targets, tuned, "alpha"));
  EXPECT_FALSE(WouldAsk(targets, tuned, "beta"));
  const Config moved = Parsed(With("https://a.example/v1", "https://c.example/v1"), kKey);
  GoLive(moved, 3, targets, engine);
  EXPECT_TRUE(WouldAsk(targets, moved, "alpha"));
  EXPECT_FALSE(WouldAsk(targets, moved, "beta"));
  const Config rekeyed = Parsed(kSmallConfig, {{"KEY_B", "another"}});
  GoLive(rekeyed, 4, targets, engine);
  EXPECT_TRUE(WouldAsk(targets, rekeyed, "beta"));
}

TEST(LiveConfigTest, AModelWithoutKeyIsLeftOut) {
  TargetTable targets;
  const auto snapshot = MakeSnapshot(Parsed(kSmallConfig, {}), 1, targets);
  EXPECT_EQ(snapshot->registry.Find("beta"), nullptr);
}

TEST(LiveConfigTest, GoesLiveForWhatBeginsThen) {
  TargetTable targets;
  const auto first = MakeSnapshot(Parsed(kSmallConfig, kKey), 1, targets);
  Engine engine(first, {});
  ::testing::internal::CaptureStderr();
  GoLive(Parsed(With("critic: beta", "critic: gamma\n    timeout: 7s"), kKey), 5, targets, engine);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(engine.snapshot()->generation, 5u);
  EXPECT_EQ(engine.snapshot()->mixtures.Find("mom")->critic, "gamma");
  EXPECT_EQ(first->mixtures.Find("mom")->critic, "beta");
  EXPECT_THAT(log, AllOf(HasSubstr("critic gamma"), HasSubstr("no price is given")));
}

TEST(LiveConfigTest, TheLogsLevelFollows) {
  TargetTable targets;
  Engine engine(MakeSnapshot(Parsed(kSmallConfig, kKey), 1, targets), {});
  ::testing::internal::CaptureStderr();
  GoLive(Parsed(std::string(kSmallConfig) + "server: {log_level: error}\n", kKey), 2, targets,
         engine);
  Log(LogLevel::kWarning, "gone");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  SetLogLevel(LogLevel::kInfo);
}

TEST(LiveConfigTest, FlagsGoBeforeTheFile) {
  const testing::TemporaryFolder folder;
  Flags flags;
  flags.config =
      folder.Write("config.yaml", std::string(kSmallConfig) + "server: {log_level: warning}\n");
  std::vector<std::string> files;
  const StatusOr<Config> plain = LoadFor(flags, files);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_EQ(plain->server.log_level, "warning");
  flags.log_level = "error";
  flags.debug_requests = "traces";
  const StatusOr<Config> flagged = LoadFor(flags, files);
  ASSERT_TRUE(flagged.ok()) << flagged.status();
  EXPECT_EQ(flagged->server.log_level, "error");
  EXPECT_EQ(flagged->trace.debug_requests, "traces");
}

// Each key of the list is one whose change is seen.
TEST(LiveConfigTest, EveryRestartKeyTellsItsChange) {
  const Config config = Parsed(kSmallConfig, kKey);
  const Config other = Parsed(
      std::string(kSmallConfig) +
          "server: {listen: [\"127.0.0.1:1\"], threads: 2, max_request_size: 1MiB, heartbeat: 1s,\n"
          "  slow_reader_timeout: 1s, run_history: 8,\n"
          "  upstream: {max_idle_connections: 1, max_response_size: 1MiB}}\n"
          "rest: {listen: \"127.0.0.1:1\", service: \"127.0.0.1:2\"}\n"
          "trace: {debug_requests: x, max_requests: 1, max_age: 1h}\n",
      kKey);
  for (const auto& key : ConfigRestartKeys()) {
    EXPECT_TRUE(key.differs(config, other)) << key.name;
    EXPECT_FALSE(key.differs(other, other)) << key.name;
  }
  for (const auto& key : rest::RestRestartKeys()) {
    EXPECT_TRUE(key.differs(config.rest, other.rest)) << key.name;
  }
  Config rest_of_server = config;
  rest_of_server.server.drain_timeout = std::chrono::seconds(1);
  rest_of_server.server.log_level = "error";
  for (const auto& key : ConfigRestartKeys()) {
    EXPECT_FALSE(key.differs(config, rest_of_server)) << key.name;
  }
}

}  // namespace
}  // namespace mom
