// The official test suite of JSON schemas (the Debian package json-schema-test-suite).
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "service/contract/canonical_json.h"
#include "service/contract/exact_json.h"
#include "service/contract/json_schema.h"

namespace mom {
namespace {

constexpr char kSuite[] = "/usr/share/json-schema-test-suite/tests";

struct Counts {
  int passed = 0;
  int unchecked = 0;  // reported so, and so not known to fit
  int wrong = 0;
};

std::string ContentOf(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

void Judge(const JsonSchema& schema, const rapidjson::Value& test, const std::string& name,
           Counts& counts) {
  const SchemaVerdict verdict = schema.Check(CanonicalJson(test["data"]));
  ASSERT_TRUE(verdict.is_json) << name;
  EXPECT_EQ(verdict.violations.empty(), verdict.fits) << name;
  const bool should_fit = test["valid"].GetBool();
  // What is left out of a schema makes it weaker: a value that does not fit all the same is one.
  if (verdict.fits == should_fit && (verdict.unchecked.empty() || !verdict.fits)) {
    ++counts.passed;
  } else if (!verdict.unchecked.empty() && verdict.fits) {
    ++counts.unchecked;
  } else {
    ++counts.wrong;
    ADD_FAILURE() << name << ": should " << (should_fit ? "fit" : "not fit");
  }
}

void JudgeFile(const std::filesystem::path& path, Counts& counts) {
  const std::optional<rapidjson::Document> groups = ParseExactJson(ContentOf(path));
  ASSERT_TRUE(groups && groups->IsArray()) << path;
  for (const auto& group : groups->GetArray()) {
    const auto schema = JsonSchema::Parse(CanonicalJson(group["schema"]));
    ASSERT_TRUE(schema.ok()) << path;
    for (const auto& test : group["tests"].GetArray()) {
      const std::string name = path.filename().string() + ": " + group["description"].GetString() +
                               ": " + test["description"].GetString();
      Judge(**schema, test, name, counts);
    }
  }
}

class JsonSchemaSuite : public ::testing::TestWithParam<const char*> {};

TEST_P(JsonSchemaSuite, NothingIsJudgedWrongly) {
  const std::filesystem::path folder = std::filesystem::path(kSuite) / GetParam();
  if (!std::filesystem::exists(folder)) {
    GTEST_SKIP() << "json-schema-test-suite is not installed: scripts/install-packages.sh test";
  }
  Counts counts;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") JudgeFile(entry.path(), counts);
  }
  JudgeFile(folder / "optional" / "bignum.json", counts);
  // tests/contracts/__main__.py has the rows of `make contracts` from this.
  std::cout << GetParam() << ": " << counts.passed << " passed, " << counts.unchecked
            << " reported unchecked, " << counts.wrong << " wrong\n";
  EXPECT_EQ(counts.wrong, 0);
  EXPECT_GT(counts.passed, 10 * counts.unchecked);
}

INSTANTIATE_TEST_SUITE_P(Drafts, JsonSchemaSuite, ::testing::Values("draft4", "draft6", "draft7"),
                         [](const auto& info) { return std::string(info.param); });

}  // namespace
}  // namespace mom
