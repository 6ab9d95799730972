// docs/config.md lists every key that the readers know, and no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <string>

#include "tests/config/config_testing.h"

namespace mom {
namespace {

// The keys that hold values: those with keys below them only group.
std::set<std::string> KnownKeys() {
  auto document = YamlDocument::Parse(testing::kSmallConfig, "config.yaml", testing::EnvOf({}));
  EXPECT_TRUE(document.ok()) << document.status();
  ReadConfig(**document);
  const std::set<std::string> paths = (*document)->known_paths();
  std::set<std::string> keys;
  for (const std::string& path : paths) {
    const auto next = paths.lower_bound(path + ".");
    if (next == paths.end() || !next->starts_with(path + ".")) keys.insert(path);
  }
  return keys;
}

// The first column of the tables: rows start with a pipe and the key in backticks.
std::set<std::string> DocumentedKeys() {
  std::ifstream file(MOM_SOURCE_DIR "/docs/config.md");
  EXPECT_TRUE(file.is_open());
  const std::string start = "| `";
  std::set<std::string> keys;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with(start)) continue;
    const std::string key = line.substr(start.size(), line.find('`', start.size()) - start.size());
    EXPECT_TRUE(keys.insert(key).second) << key << " is there twice";
  }
  return keys;
}

TEST(ConfigDocsTest, EveryKeyIsDocumentedAndEveryDocumentedKeyExists) {
  EXPECT_EQ(DocumentedKeys(), KnownKeys());
}

}  // namespace
}  // namespace mom
