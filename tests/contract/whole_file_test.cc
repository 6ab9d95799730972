#include "service/contract/whole_file.h"

#include <gtest/gtest.h>

#include "tests/contract/contract_testing.h"

namespace mom {
namespace {

using testing::Changes;
using testing::EditCase;
using testing::Files;
using testing::kUnusable;

const Files kTwo = {{"app/main.py", "a = 1\nb = 2\n"}, {"lib/x.py", "x = 1\n"}};

std::string Listing(const std::string& name, const std::string& text) {
  return name + "\n```\n" + text + "```\n";
}

class WholeFile : public ::testing::TestWithParam<EditCase> {};

TEST_P(WholeFile, IsJudged) { testing::ExpectJudged(ContractKind::kWhole, kTwo, GetParam()); }

const EditCase kListingCases[] = {
    {"Known",
     "Sure:\n\n" + Listing("app/main.py", "a = 2\nb = 2\n"),
     1,
     "",
     {{"app/main.py", "a = 2\nb = 2\n"}}},
    {"Two",
     Listing("app/main.py", "a = 2\n") + "\n" + Listing("lib/x.py", "x = 2\n"),
     1,
     "",
     {{"app/main.py", "a = 2\n"}, {"lib/x.py", "x = 2\n"}}},
    {"New", Listing("lib/new.py", "x\n"), 1, "", {{"lib/new.py", "x\n"}}},
    {"Decorated", Listing("**`app/main.py`:**", "a = 3\n"), 1},
    {"NamedInTheText",
     "I change `lib/x.py`.\n\n```\nx = 2\n```\n",
     0.85,
     "from the text",
     {{"lib/x.py", "x = 2\n"}}},
    {"NotClosed", "lib/x.py\n```\nx = 2\nx =", 0.5, "not closed", {{"lib/x.py", "x = 2\nx ="}}},
    {"ListedTwice",
     Listing("lib/x.py", "x = 2\n") + Listing("lib/x.py", "x = 3\n"),
     0.6,
     "more than once",
     {{"lib/x.py", "x = 2\n"}}},
    {"Same", Listing("lib/x.py", "x = 1\n"), 0.6, "nothing changes"},
    {"Prose", "Which file?\n", 0.3, "edits nothing"},
    {"Unnamed", "```\nx = 2\n```\n", kUnusable, "no file's name"},
    {"SentenceForAName", Listing("Here is the whole file", "x\n"), kUnusable, "no file could"},
    {"LeavesLinesOut", Listing("app/main.py", "a = 2\n# ... rest of the code ...\n"), kUnusable,
     "left out"},
    {"Empty", Listing("app/main.py", ""), kUnusable, "empty"},
    {"Conflict", Listing("app/main.py", "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"), kUnusable,
     "conflict"},
};

INSTANTIATE_TEST_SUITE_P(Cases, WholeFile, ::testing::ValuesIn(kListingCases),
                         [](const auto& info) { return info.param.name; });

TEST(WholeFileAlone, NeedsNoName) {
  testing::ExpectJudged(ContractKind::kWhole, {{"x.py", "x = 1\n"}},
                        {"", "```\nx = 2\n```\n", 0.8, "not named", {{"x.py", "x = 2\n"}}});
  testing::ExpectJudged(ContractKind::kWhole, {{"x.py", "x = 1\n"}},
                        {"", Listing("src/x.py", "x = 2\n"), 0.9, "a folder"});
}

TEST(WholeFileElision, MayBeTheFilesOwn) {
  const std::string own = "# ... the rest of it ...\n";
  testing::ExpectJudged(ContractKind::kWhole, {{"x.py", own}},
                        {"", Listing("x.py", own + "x\n"), 1});
}

}  // namespace
}  // namespace mom
