// docs/config.md lists every key that the readers know, and no other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/config/config_testing.h"
#include "tests/testing/source_path.h"

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

// The tables' rows, which start with a pipe and the key in backticks: the key, and the last column.
std::map<std::string, std::string> DocumentedKeys() {
  std::ifstream file(testing::SourcePath("docs/config.md"));
  EXPECT_TRUE(file.is_open());
  const std::regex row("\\| `([^`]+)` \\|.*\\| (\\w+) \\|");
  std::map<std::string, std::string> keys;
  for (std::string line; std::getline(file, line);) {
    if (!line.starts_with("| `")) continue;
    std::smatch parts;
    if (!std::regex_match(line, parts, row)) {
      ADD_FAILURE() << "no row of a key: " << line;
    } else if (!keys.emplace(parts[1], parts[2]).second) {
      ADD_FAILURE() << "twice: " << line;
    }
  }
  return keys;
}

TEST(ConfigDocsTest, EveryKeyIsDocumentedAndEveryDocumentedKeyExists) {
  std::set<std::string> documented;
  for (const auto& [key, reload] : DocumentedKeys()) documented.insert(key);
  EXPECT_EQ(documented, KnownKeys());
}

TEST(ConfigDocsTest, TheColumnReloadIsTrue) {
  std::set<std::string> restart;
  for (const auto& key : ConfigRestartKeys()) restart.insert(key.name);
  for (const auto& key : rest::RestRestartKeys()) restart.insert(key.name);
  for (const auto& [key, reload] : DocumentedKeys()) {
    EXPECT_EQ(reload, restart.erase(key) == 1 ? "restart" : "yes") << key;
  }
  EXPECT_THAT(restart, ::testing::IsEmpty());
}

}  // namespace
}  // namespace mom
