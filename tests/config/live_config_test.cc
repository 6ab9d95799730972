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

std::shared_ptr<const EngineSnapshot> After(const EngineSnapshot& previous, const std::string& text,
                                            const Variables& variables = kKey) {
  return MakeSnapshot(Parsed(text, variables), 2, &previous);
}

TEST(LiveConfigTest, UnchangedModelsKeepTheirClients) {
  const auto first = MakeSnapshot(Parsed(kSmallConfig, kKey), 1, nullptr);
  const auto client = [](const EngineSnapshot& snapshot, const std::string& model) {
    return snapshot.registry.Find(model)->client;
  };
  const auto model =
      After(*first, With("alpha: {provider: pa}", "alpha: {provider: pa, top_p: 0.5}"));
  EXPECT_NE(client(*model, "alpha"), client(*first, "alpha"));
  EXPECT_EQ(client(*model, "beta"), client(*first, "beta"));
  EXPECT_EQ(client(*model, "gamma"), client(*first, "gamma"));

  const auto url = After(*first, With("https://a.example/v1", "https://c.example/v1"));
  EXPECT_NE(client(*url, "alpha"), client(*first, "alpha"));
  EXPECT_EQ(client(*url, "beta"), client(*first, "beta"));

  const auto key = After(*first, kSmallConfig, {{"KEY_B", "another"}});
  EXPECT_EQ(client(*key, "alpha"), client(*first, "alpha"));
  EXPECT_NE(client(*key, "beta"), client(*first, "beta"));
  EXPECT_EQ(After(*first, kSmallConfig, {})->registry.Find("beta"), nullptr);
}

TEST(LiveConfigTest, GoesLiveForWhatBeginsThen) {
  const auto first = MakeSnapshot(Parsed(kSmallConfig, kKey), 1, nullptr);
  Engine engine(first, {});
  ::testing::internal::CaptureStderr();
  GoLive(Parsed(With("critic: beta", "critic: gamma\n    timeout: 7s"), kKey), 5, engine);
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(engine.snapshot()->generation, 5u);
  EXPECT_EQ(engine.snapshot()->mixtures.Find("mom")->critic, "gamma");
  EXPECT_EQ(first->mixtures.Find("mom")->critic, "beta");
  EXPECT_THAT(log, AllOf(HasSubstr("critic gamma"), HasSubstr("no price is given")));
}

TEST(LiveConfigTest, TheLogsLevelFollows) {
  Engine engine(MakeSnapshot(Parsed(kSmallConfig, kKey), 1, nullptr), {});
  ::testing::internal::CaptureStderr();
  GoLive(Parsed(std::string(kSmallConfig) + "server: {log_level: error}\n", kKey), 2, engine);
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
          "  slow_reader_timeout: 1s,\n"
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
