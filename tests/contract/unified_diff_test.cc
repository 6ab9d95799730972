#include "service/contract/unified_diff.h"

#include <gtest/gtest.h>

#include "service/contract/hunk.h"
#include "tests/contract/contract_testing.h"

namespace mom {
namespace {

using testing::Changes;
using testing::EditCase;
using testing::Files;
using testing::kUnusable;

const Files kDiffFiles = {
    {"a.py", "def first():\n    value = 1\n    return value\n\ndef second():\n    value = 1\n"},
    {"b.py", "bravo = 12345\n"},
    {"e.py", "if a:\n    c = count(a)\n    log(c)\nif b:\n    c = count(a)\n    log(c)\n"},
    {"g.py", "golf = 12345\ntail\n\n\n"},
    {"d.py", "zero = 0\none = 1\ntwo = 2\nthree = 3\nfour = 4\nfive = 5\nsix = 6\n"}};
const std::string kFirstChanged =
    "def first():\n    value = 2\n    return value\n\ndef second():\n    value = 1\n";

std::string Diff(const std::string& lines) { return "Sure.\n\n```diff\n" + lines + "```\n"; }

std::string DiffOfA(const std::string& hunks) { return Diff("--- a.py\n+++ a.py\n" + hunks); }

class UnifiedDiff : public ::testing::TestWithParam<EditCase> {};

TEST_P(UnifiedDiff, IsJudged) {
  testing::ExpectJudged(ContractKind::kUdiff, kDiffFiles, GetParam());
}

const EditCase kDiffCases[] = {
    {"Unique",
     DiffOfA("@@ ... @@\n def first():\n-    value = 1\n+    value = 2\n"),
     1,
     "",
     {{"a.py", kFirstChanged}}},
    {"Numbers",
     DiffOfA("@@ -1,2 +1,2 @@\n def first():\n-    value = 1\n+    value = 2\n"),
     1,
     "",
     {{"a.py", kFirstChanged}}},
    {"GitPrefixes",
     Diff("--- a/b.py\n+++ b/b.py\n@@ @@\n-bravo = 12345\n+bravo = 2\n"),
     1,
     "",
     {{"b.py", "bravo = 2\n"}}},
    {"TwoFilesInOneFence",
     DiffOfA("@@ @@\n-    return value\n+    return 2\n--- b.py\n+++ b.py\n@@ @@\n-bravo = "
             "12345\n+bravo = 2\n"),
     1,
     "",
     {{"a.py", "def first():\n    value = 1\n    return 2\n\ndef second():\n    value = 1\n"},
      {"b.py", "bravo = 2\n"}}},
    {"NewFile", Diff("--- /dev/null\n+++ c.py\n@@ @@\n+c = 1\n"), 1, "", {{"c.py", "c = 1\n"}}},
    {"SameHunkTwice",
     DiffOfA("@@ @@\n-    return value\n+    return 2\n@@ @@\n-    return value\n+ "
             "   return 2\n"),
     1},
    {"SeveralPlaces", DiffOfA("@@ @@\n-    value = 1\n+    value = 2\n"), kUnusable, "not in the"},
    {"SeveralLongerPlaces",
     Diff("--- b.py\n+++ b.py\n@@ @@\n-bravo = 12345\n+bravo = 12345\n+bravo = 12345\n@@ "
          "@@\n-bravo = 12345\n+done\n"),
     0.75,
     "several places",
     {{"b.py", "done\ndone\n"}}},
    {"Shifted",
     DiffOfA("@@ @@\n-value = 1\n-return value\n+value = 2\n+return value\n"),
     0.7,
     "white space",
     {{"a.py", kFirstChanged}}},
    {"BlankLinesThatAreNotThereGoFromTheFilesEndsToo",
     Diff("--- g.py\n+++ g.py\n@@ @@\n-golf = 12345\n+golf = 2\n \n"),
     0.7,
     "white space",
     {{"g.py", "golf = 2\ntail\n"}}},
    {"ShiftedInSeveralPlaces",
     Diff("--- e.py\n+++ e.py\n@@ @@\n-c = count(a)\n+c = count(b)\n log(c)\n"),
     0.7,
     "white space",
     {{"e.py", "if a:\n    c = count(b)\n    log(c)\nif b:\n    c = count(b)\n    log(c)\n"}}},
    {"ContextThatIsNotThere",
     Diff("--- d.py\n+++ d.py\n@@ @@\n one = 1\n two = 2\n-gone = 0\n three = 3\n-four = 4\n"
          "+four = 5\n five = 5\n"),
     0.6,
     "in parts",
     {{"d.py", "zero = 0\none = 1\ntwo = 2\nthree = 3\nfour = 5\nfive = 5\nsix = 6\n"}}},
    {"InParts",
     DiffOfA("@@ @@\n class A:\n def first():\n-    value = 1\n+    value = 2\n"),
     0.6,
     "in parts",
     {{"a.py", "class A:\n" + kFirstChanged}}},
    {"NoPlace",
     Diff("--- b.py\n+++ b.py\n@@ @@\n+more\n"),
     0.75,
     "find its place",
     {{"b.py", "bravo = 12345\nmore\n"}}},
    {"BlankLinesAreNotTakenAway",
     Diff("--- b.py\n+++ b.py\n@@ @@\n-\n-\n@@ @@\n-bravo = 12345\n+bravo\n"),
     0.5,
     "it changes nothing",
     {{"b.py", "bravo\n"}}},
    {"NoChange", DiffOfA("@@ @@\n-    return value\n+    return value\n"), 0.2, "change nothing"},
    {"OpenFence",
     "```diff\n--- b.py\n+++ b.py\n@@ @@\n-bravo = 12345\n+bravo\n+lost\n\n\n",
     0.5,
     "not closed",
     {{"b.py", "bravo\n"}}},
    {"Prose", "Which file?\n", 0.3, "edits nothing"},
    {"NotInTheFile", DiffOfA("@@ @@\n-    other = 1\n+    other = 2\n"), kUnusable, "not in the"},
    {"UnknownFile", Diff("--- z.py\n+++ z.py\n@@ @@\n-zulu\n+yankee\n"), kUnusable, "conversation"},
    {"NoName", Diff("@@ @@\n-bravo = 12345\n+bravo\n"), kUnusable, "names no file"},
    {"HeaderTwice", Diff("--- b.py\n+++ b.py\n+++ b.py\n@@ @@\n-bravo = 12345\n+x\n"), kUnusable,
     "wrong place"},
    {"SentenceForAName", Diff("--- /dev/null\n+++ a new file\n@@ @@\n+c = 1\n"), kUnusable,
     "no file could"},
    {"Conflict", Diff("--- b.py\n+++ b.py\n@@ @@\n-bravo = 12345\n+<<<<<<< HEAD\n"), kUnusable,
     "conflict"},
};

INSTANTIATE_TEST_SUITE_P(Cases, UnifiedDiff, ::testing::ValuesIn(kDiffCases),
                         [](const auto& info) { return info.param.name; });

TEST(Hunk, IsTheShortestDiff) {
  const HunkLines diff = DiffOf({"a", "b", "c", "d"}, {"a", "c", "x", "d"});
  EXPECT_EQ(diff, (HunkLines{{' ', "a"}, {'-', "b"}, {' ', "c"}, {'+', "x"}, {' ', "d"}}));
  EXPECT_EQ(DiffOf({}, {"a"}), (HunkLines{{'+', "a"}}));
}

}  // namespace
}  // namespace mom
