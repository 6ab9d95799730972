#include "service/contract/graft.h"

#include "tests/contract/contract_testing.h"

namespace mom::testing {
namespace {

using ::testing::HasSubstr;

const char kA[] =
    "import os\n\n\ndef first(x):\n    y = x + 1\n    return y\n\n\ndef second(x):\n    z = x * 2\n"
    "    return z\n";
const char kB[] = "def other(x):\n    return x - 1\n";

// A SEARCH/REPLACE block with its file's name and its fence.
std::string Block(const std::string& path, const std::string& search, const std::string& replace) {
  return path + "\n```python\n<<<<<<< SEARCH\n" + search + "=======\n" + replace +
         ">>>>>>> REPLACE\n```\n";
}

const std::string kFirst = Block("a.py", "def first(x):\n    y = x + 1\n    return y\n",
                                 "def first(x):\n    y = x + 10\n    return y\n");
// The same with a line around it that the file has in another way.
const std::string kFirstBroken = Block("a.py", "def first(xs):\n    y = x + 1\n    return y\n",
                                       "def first(xs):\n    y = x + 10\n    return y\n");
const std::string kSecond = Block("a.py", "    z = x * 2\n", "    z = x * 20\n");
const std::string kSecondBroken = Block("a.py", "def second(x):\n    z = x*2\n    return z\n",
                                        "def second(x):\n    z = x * 20\n    return z\n");
const std::string kOther = Block("b.py", "    return x - 1\n", "    return x - 10\n");
const std::string kOtherBroken =
    Block("b.py", "def other(x):\n    return x -1\n", "def other(x):\n    return x - 10\n");

// One that nothing can mend: what has it can give blocks only.
const std::string kHopeless = Block("b.py", "no such line\n", "another one\n");

class GraftTest : public ::testing::Test {
 protected:
  std::optional<Graft> Find(const std::vector<std::string>& answers,
                            ContractKind kind = ContractKind::kDiff) {
    request.messages.push_back(Says(Role::kUser, FilesMessage(files)));
    contract.kind = kind;
    contract.files = FindChatFiles(request);
    for (const std::string& answer : answers) {
      Workspace workspace(contract.files);
      EXPECT_FALSE(CheckEdits(contract, answer, workspace).usable) << answer;
    }
    return FindGraft(contract, {answers.begin(), answers.end()});
  }

  Changes ChangesBy(const std::string& answer) {
    Workspace workspace(contract.files);
    CheckEdits(contract, answer, workspace);
    return workspace.Changes();
  }

  Files files = {{"a.py", kA}, {"b.py", kB}};
  ChatRequest request;
  Contract contract;
};

TEST_F(GraftTest, PutsABlockThatAppliesInThePlaceOfOneThatDoesNot) {
  const std::string base = " Sure:\n" + kFirst + "\nAnd:\n" + kOtherBroken + "Done.\n";
  const std::string donor = kOther + "And:\n" + kFirstBroken;
  const auto graft = Find({base, donor});
  ASSERT_TRUE(graft);
  EXPECT_EQ(graft->base, 0u);
  EXPECT_EQ(graft->text, " Sure:\n" + kFirst + "\nAnd:\n" + kOther + "Done.\n");
  EXPECT_EQ(graft->verdict.score, 1);
  ASSERT_EQ(graft->blocks.size(), 1u);
  EXPECT_EQ(graft->blocks[0].block, 1u);
  EXPECT_EQ(graft->blocks[0].path, "b.py");
  EXPECT_EQ(graft->blocks[0].answer, 1u);
  EXPECT_EQ(graft->blocks[0].its_block, 0u);
}

TEST_F(GraftTest, TakesBlocksOfSeveral) {
  const auto graft =
      Find({kFirstBroken + kSecondBroken + kOther, kFirst + kSecondBroken, kSecond + kOtherBroken});
  ASSERT_TRUE(graft);
  EXPECT_EQ(graft->text, kFirst + kSecond + kOther);
  EXPECT_EQ(graft->blocks[1].answer, 2u);
}

TEST_F(GraftTest, MendsTheNextWhereTheBestIsBeyondIt) {
  const std::string cut = kFirst.substr(0, kFirst.size() - 25);
  const auto graft = Find({cut, kFirstBroken + kSecond, kFirst + kSecondBroken});
  ASSERT_TRUE(graft);
  EXPECT_EQ(graft->base, 1u);
  EXPECT_EQ(graft->text, kFirst + kSecond);
}

// Pairs of which the first has a broken block for a.py, and the second another one that applies.
struct Pair {
  const char* name;
  std::string broken;  // without the name and the fence
  std::string sound;
  bool is_proven;
};
void PrintTo(const Pair& pair, std::ostream* out) { *out << pair.name; }

class GraftPairTest : public GraftTest, public ::testing::WithParamInterface<Pair> {};

TEST_P(GraftPairTest, IsProvenOrNot) {
  files["a.py"] +=
      "\n\ndef third(x):\n    if x:\n        x = 1\n    return x\n"
      "\n\ndef fourth(x):\n    if x:\n        x = 1\n    return x\n";
  const auto block = [](const std::string& lines) {
    return "a.py\n```\n<<<<<<< SEARCH\n" + lines + ">>>>>>> REPLACE\n```\n";
  };
  const std::string base = block(GetParam().broken) + kOther;
  const auto graft = Find({base, block(GetParam().sound) + kHopeless});
  ASSERT_EQ(graft.has_value(), GetParam().is_proven);
  if (!graft) return;
  EXPECT_EQ(graft->text, block(GetParam().sound) + kOther);
}

INSTANTIATE_TEST_SUITE_P(
    All, GraftPairTest,
    ::testing::Values(
        Pair{"AMistakeInTheLineThatGoes", "    y = x +1\n    return y\n=======\n    return y\n",
             "    y = x + 1\n=======\n", true},
        Pair{"ALineAroundItLeftOut",
             "import os\n\ndef first(x):\n    y = x + 1\n=======\n"
             "import os\n\ndef first(x):\n    y = x + 2\n",
             "    y = x + 1\n=======\n    y = x + 2\n", true},
        Pair{"AMistakeInTheSearchAlone",
             "def first(X):\n    y = x + 1\n=======\ndef first(x):\n    y = x + 2\n",
             "    y = x + 1\n=======\n    y = x + 2\n", true},
        Pair{"AnotherChange", "    y = x +1\n    return y\n=======\n    y = x + 2\n    return y\n",
             "    y = x + 1\n=======\n    y = x + 3\n", false},
        Pair{"MoreOfAChange", "    y = x +1\n    return y\n=======\n    y = x + 2\n    return y\n",
             "    y = x + 1\n=======\n    y = x + 2\n    y += 1\n", false},
        Pair{"LessOfAChange",
             "    y = x +1\n    return y\n=======\n    y = x + 2\n    y += 1\n    return y\n",
             "    y = x + 1\n=======\n    y = x + 2\n", false},
        Pair{"TakesMoreAway", "    y = x +1\n    return y\n=======\n    return y\n",
             "    y = x + 1\n    return y\n=======\n", false},
        Pair{"TakesLessAway", "def first(x):\n    y = x +1\n    return y\n=======\ndef first(x):\n",
             "    y = x + 1\n=======\n", false},
        Pair{"TheOtherSideOfALine",
             "import os\n\n\ndef first(xs):\n    y = x + 1\n=======\n"
             "import os\n\n\n    y = 0\ndef first(xs):\n    y = x + 1\n",
             "def first(x):\n=======\ndef first(x):\n    y = 0\n", false},
        Pair{"NoLineBetween",
             "import os\ndef first(x):\n    y = x + 1\n=======\n"
             "import os\nimport re\ndef first(x):\n    y = x + 1\n",
             "import os\n\n\n=======\nimport os\nimport re\n\n\n", false},
        Pair{"AnotherIndentation",
             "    y = x +1\n    return y\n=======\n    y = x + 2\n    return y\n",
             "    y = x + 1\n=======\n      y = x + 2\n", false},
        Pair{"TheLinesOfAnotherPlace",
             "def thirds(x):\n    if x:\n        x = 1\n    return x\n=======\n"
             "def thirds(x):\n    if x:\n        x = 2\n    return x\n",
             "def fourth(x):\n    if x:\n        x = 1\n=======\n"
             "def fourth(x):\n    if x:\n        x = 2\n",
             false},
        Pair{"AnotherOneOfTwoEqualLines",
             "def thirds(x):\n    if x:\n        x = 1\n    return x\n\n\ndef fourth(x):\n"
             "=======\ndef thirds(x):\n    if x:\n    return x\n\n\ndef fourth(x):\n",
             "def fourth(x):\n    if x:\n        x = 1\n=======\ndef fourth(x):\n    if x:\n",
             false},
        Pair{"LinesOfSeveralPlaces",
             "def thirds(x):\n    if x:\n        x = 1\n=======\n"
             "def thirds(x):\n    if x:\n        x = 2\n",
             "    if x:\n        x = 1\n=======\n    if x:\n        x = 2\n", false}),
    [](const auto& info) { return info.param.name; });

TEST_F(GraftTest, LeavesNothingHalfMended) {
  EXPECT_FALSE(Find({kFirstBroken + kSecondBroken, kSecond + kHopeless}));
}

TEST_F(GraftTest, PutsNoBlockWhereAnotherOneEdits) {
  // The first answer mended its own block already.
  EXPECT_FALSE(Find({kSecondBroken + kSecond, kSecond + kHopeless}));
}

TEST_F(GraftTest, PutsNoBlockWhereOneAppliesInAnotherWay) {
  // Indented, it is applied by aider, but who knows to which lines.
  const std::string shifted =
      Block("a.py", "  def second(x):\n      z = x * 2\n", "  def second(x):\n      z = x * 2.0\n");
  EXPECT_FALSE(Find({kFirstBroken + shifted, kFirst + kHopeless}));
}

TEST_F(GraftTest, TakesNoWindowsLinesIntoOthers) {
  std::string crlf = kOther;
  for (std::size_t at = 0; (at = crlf.find('\n', at)) != crlf.npos; at += 2) crlf.insert(at, "\r");
  EXPECT_FALSE(Find({kFirst + kOtherBroken, crlf + kHopeless}));
}

TEST_F(GraftTest, MendsHunks) {
  const auto diff = [](const std::string& path, const std::string& hunk) {
    return "```diff\n--- " + path + "\n+++ " + path + "\n@@ ... @@\n" + hunk + "```\n";
  };
  const std::string first = "-    y = x + 1\n+    y = x + 10\n     return y\n";
  const std::string first_broken = " def first(x):\n-    y = x +1\n+    y = x + 10\n";
  const std::string other = "-    return x - 1\n+    return x - 10\n";
  const std::string other_broken = " def other(x):\n-    return x -1\n+    return x - 10\n";
  const auto graft = Find({"Sure:\n" + diff("a.py", first) + diff("b.py", other_broken),
                           diff("b.py", other) + diff("a.py", first_broken)},
                          ContractKind::kUdiff);
  ASSERT_TRUE(graft);
  EXPECT_EQ(graft->text, "Sure:\n" + diff("a.py", first) + diff("b.py", other));
}

TEST_F(GraftTest, FillsListings) {
  const auto listing = [](const std::string& path, const std::string& lines) {
    return path + "\n```\n" + lines + "```\n";
  };
  std::string a = kA;
  a.replace(a.find("x + 1"), 5, "x + 10");
  const std::string elided =
      "# ... existing code ...\ndef first(x):\n    y = x + 10\n    return y\n"
      "# ... rest of the code ...\n";
  const std::string b = "# ... rest of the code ...\n    return x - 10\n";
  const std::string base =
      listing("a.py", elided) + listing("b.py", "def other(x):\n    return x - 10\n");
  const auto graft = Find({base, listing("b.py", b) + listing("a.py", a)}, ContractKind::kWhole);
  ASSERT_TRUE(graft);
  EXPECT_EQ(ChangesBy(graft->text),
            (Changes{{"a.py", a}, {"b.py", "def other(x):\n    return x - 10\n"}}));
  EXPECT_EQ(graft->blocks[0].path, "a.py");
}

TEST_F(GraftTest, FillsNoListingWithOtherLines) {
  const auto listing = [](const std::string& lines) { return "a.py\n```\n" + lines + "```\n"; };
  const std::string b = "b.py\n```\n# ... rest of the code ...\n    return x - 10\n```\n";
  const std::string elided = "import os\n# ... existing code ...\n    z = x * 20\n    return z\n";
  std::string lost = kA;  // a line of what was left out
  lost.replace(lost.find("x * 2"), 5, "x * 20").erase(lost.find("    return y"), 13);
  EXPECT_FALSE(Find({listing(elided), listing(lost) + b}, ContractKind::kWhole));
  std::string changed = kA;
  changed.replace(changed.find("x * 2"), 5, "x * 20").replace(changed.find("x + 1"), 5, "x + 2");
  EXPECT_FALSE(Find({listing(elided), listing(changed) + b}, ContractKind::kWhole));
}

TEST_F(GraftTest, IsNotForPatches) {
  const std::string patch =
      "*** Begin Patch\n*** Update File: a.py\n@@\n-no\n+yes\n*** End Patch\n";
  EXPECT_FALSE(Find({patch, patch}, ContractKind::kPatch));
}

}  // namespace
}  // namespace mom::testing
