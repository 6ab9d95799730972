#include "service/base/reasons.h"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

#include "tests/testing/source_path.h"

namespace mom {
namespace {

std::set<std::string> AllMatches(const std::string& path, const std::regex& pattern) {
  std::ifstream file(testing::SourcePath(path));
  EXPECT_TRUE(file.good()) << path;
  std::stringstream text;
  text << file.rdbuf();
  const std::string all = text.str();
  std::set<std::string> found;
  for (std::sregex_iterator it(all.begin(), all.end(), pattern), end; it != end; ++it) {
    found.insert((*it)[1].str());
  }
  return found;
}

// The list in the code and the list that users read are the same.
TEST(Reasons, AreAllInTheDocumentAndTheOtherWayRound) {
  const auto code = AllMatches("service/base/reasons.h", std::regex(R"re(= "([A-Z_]+)";)re"));
  const auto document = AllMatches("docs/errors.md", std::regex(R"re(\n\| `([A-Z_]+)` \|)re"));
  EXPECT_GT(code.size(), 20u);
  EXPECT_EQ(code, document);
}

}  // namespace
}  // namespace mom
