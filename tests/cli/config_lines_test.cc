#include "clients/cli/config_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/env_of.h"
#include "tests/testing/temporary_folder.h"

namespace mom::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ConfigLinesTest : public ::testing::Test {
 protected:
  ConfigLinesTest() {
    folder_.Write("mom.yaml",
                  "providers:\n"
                  "  p:\n"
                  "    api_key: ${UNSET}\n"
                  "models:\n"
                  "  m.1:\n"
                  "    provider: p\n"
                  "    timeouts:\n"
                  "      idle: 3s\n"
                  "  m2: {provider: q}\n");
  }

  ConfigLines Load() { return *ConfigLines::Load(folder_ / "mom.yaml", mom::testing::EnvOf({})); }

  mom::testing::TemporaryFolder folder_;
};

TEST_F(ConfigLinesTest, GivesTheLineOfAKeyOrOfWhatIsNearest) {
  const ConfigLines lines = Load();
  EXPECT_THAT(lines.Place("providers", "p", "api_key"),
              HasSubstr("mom.yaml:3 providers.p.api_key"));
  EXPECT_THAT(lines.Place("models", "m.1", "timeouts.idle"),
              HasSubstr("mom.yaml:8 models.m.1.timeouts.idle"));
  EXPECT_THAT(lines.Place("models", "m.1", "timeouts.total"),
              HasSubstr("mom.yaml:7 models.m.1.timeouts.total"));
  EXPECT_THAT(lines.Place("models", "m.1", "tools"), HasSubstr("mom.yaml:5 models.m.1.tools"));
  EXPECT_THAT(lines.Place("models", "m2", "id"), HasSubstr("mom.yaml:9 models.m2.id"));
  EXPECT_THAT(lines.Place("models", "m.1", ""), EndsWith("mom.yaml:5 models.m.1"));
}

TEST_F(ConfigLinesTest, ListsTheModels) {
  EXPECT_THAT(Load().Models(), ElementsAre(std::pair("m.1", "p"), std::pair("m2", "q")));
}

TEST_F(ConfigLinesTest, WithoutAFileThereAreNoLines) {
  EXPECT_EQ(ConfigLines().Place("models", "m.1", "tools"), "models.m.1.tools");
  EXPECT_EQ(ConfigLines().Place("models", "m.1", ""), "models.m.1");
  EXPECT_THAT(ConfigLines().Models(), IsEmpty());
}

}  // namespace
}  // namespace mom::cli
