// The config.yaml that comes with MoM.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/config_testing.h"
#include "tests/testing/source_path.h"

namespace mom {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::EnvOf;
using ::testing::HasSubstr;
using testing::Mom;
using testing::Variables;

const std::string kPath = testing::SourcePath("config.yaml");

Config Loaded(const Variables& variables) {
  StatusOr<Config> config = LoadConfig(kPath, EnvOf(variables));
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : Config();
}

TEST(ShippedConfigTest, WithoutAnyKeySaysWhatToSet) {
  const StatusOr<Config> config = LoadConfig(kPath, EnvOf({}));
  ASSERT_FALSE(config.ok());
  const std::string message = MessageOf(config.status());
  EXPECT_THAT(message, AllOf(HasSubstr(" mixtures.mom.members: "), HasSubstr("OPENROUTER_API_KEY"),
                             HasSubstr("OPENAI_API_KEY"), HasSubstr("ANTHROPIC_API_KEY"),
                             HasSubstr("GEMINI_API_KEY"), HasSubstr("MOM_LOCAL_KEY")));
  EXPECT_EQ(message.find('\n'), std::string::npos) << message;
}

TEST(ShippedConfigTest, UsesTheLocalModels) {
  const Config config = Loaded({{"MOM_LOCAL_KEY", "k"}, {"MOM_GEMMA3_URL", "http://[::1]:9/v1"}});
  EXPECT_THAT(Mom(config).members, ElementsAre("smollm2", "gemma3"));
  EXPECT_EQ(Mom(config).critic, "smollm2");
  EXPECT_EQ(Mom(config).critic_fallbacks.size(), 0u);
  const ModelConfig& model = *config.models.FindModel("smollm2");
  EXPECT_EQ(model.temperature, 0);
  EXPECT_EQ(model.context_window, 4096);
  EXPECT_FALSE(model.tools);
  EXPECT_FALSE(model.images);
  EXPECT_EQ(model.system, "You are a helpful assistant.");
  EXPECT_EQ(config.models.FindProvider("local-smollm2")->base_url, "http://127.0.0.1:18081/v1");
  EXPECT_EQ(config.models.FindProvider("local-gemma3")->base_url, "http://[::1]:9/v1");
}

TEST(ShippedConfigTest, EachCloudKeySwitchesItsModelsOn) {
  for (const auto& [variable, model] : {std::pair{"OPENAI_API_KEY", "gpt"},
                                        {"ANTHROPIC_API_KEY", "claude"},
                                        {"GEMINI_API_KEY", "gemini"},
                                        {"OPENROUTER_API_KEY", "router-a"}}) {
    const Config config = Loaded({{variable, "k"}});
    EXPECT_EQ(Mom(config).members.front(), model);
    EXPECT_EQ(Mom(config).critic, model);
    EXPECT_THAT(config.Summary(), Contains(HasSubstr("local-gemma3: off, as MOM_LOCAL_KEY")));
  }
}

TEST(ShippedConfigTest, CloudModelsAreCriticsBeforeLocalOnes) {
  const Config config = Loaded({{"MOM_LOCAL_KEY", "k"}, {"GEMINI_API_KEY", "k"}});
  EXPECT_THAT(Mom(config).members, ElementsAre("gemini", "smollm2", "gemma3"));
  EXPECT_EQ(Mom(config).critic, "gemini");
  EXPECT_THAT(Mom(config).critic_fallbacks, ElementsAre("smollm2"));
}

TEST(ShippedConfigTest, PortsAndPlacesCanBeMoved) {
  const Variables variables = {{"MOM_LOCAL_KEY", "k"},
                               {"MOM_GRPC_PORT", "1"},
                               {"MOM_REST_PORT", "2"},
                               {"MOM_RUNTIME_DIR", "/tmp/run"}};
  const Config moved = Loaded(variables);
  EXPECT_THAT(moved.server.listen, ElementsAre("127.0.0.1:1", "unix:/tmp/run/mom.sock"));
  EXPECT_EQ(moved.rest.listen, "127.0.0.1:2");
  EXPECT_EQ(moved.rest.service, "unix:/tmp/run/mom.sock");
  const Config config = Loaded({{"MOM_LOCAL_KEY", "k"}});
  EXPECT_THAT(config.server.listen,
              ElementsAre("127.0.0.1:50051", "unix:" + testing::SourcePath(".run/mom.sock")));
  EXPECT_EQ(config.rest.service, config.server.listen[1]);
}

}  // namespace
}  // namespace mom
