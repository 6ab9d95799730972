#include "service/contract/search_replace.h"

#include <gtest/gtest.h>

#include "tests/contract/contract_testing.h"

namespace mom {
namespace {

using testing::Changes;
using testing::Checked;
using testing::EditCase;
using testing::Files;

const Files kBlockFiles = {
    {"app/main.py", "def f():\n    a = 1\n    return a\n\ndef g():\n    a = 1\n"},
    {"app/other.py", "x = 1\ny = 2"}};

class SearchReplace : public ::testing::TestWithParam<EditCase> {};

TEST_P(SearchReplace, IsJudged) {
  testing::ExpectJudged(ContractKind::kDiff, kBlockFiles, GetParam());
}

std::string Block(const std::string& path, const std::string& search, const std::string& replace) {
  return path + "\n```python\n<<<<<<< SEARCH\n" + search + "=======\n" + replace +
         ">>>>>>> REPLACE\n```\n";
}

const std::string kMain = "app/main.py";
const std::string kOther = "app/other.py";

const EditCase kBlockCases[] = {
    {"Unique",
     "Sure.\n\n" + Block(kMain, "    return a\n", "    return 2\n"),
     1,
     "",
     {{kMain, "def f():\n    a = 1\n    return 2\n\ndef g():\n    a = 1\n"}}},
    {"Fenced",
     "```python\napp/main.py\n<<<<<<< SEARCH\n    return a\n=======\n>>>>>>> REPLACE\n```\n",
     1,
     "",
     {{kMain, "def f():\n    a = 1\n\ndef g():\n    a = 1\n"}}},
    {"NoNewlineAtTheEnd", Block(kOther, "y = 2\n", "y = 3\n"), 1, "", {{kOther, "x = 1\ny = 3\n"}}},
    {"Crlf",
     "app/other.py\r\n```\r\n<<<<<<< SEARCH\r\nx = 1\r\n=======\r\nx = 2\r\n>>>>>>> "
     "REPLACE\r\n```\r\n",
     1,
     "",
     {{kOther, "x = 2\ny = 2\n"}}},
    {"NewFile", Block("app/new.py", "", "z = 1\n"), 1, "", {{"app/new.py", "z = 1\n"}}},
    {"TwoBlocks",
     Block(kOther, "x = 1\n", "x = 2\n") + Block(kOther, "y = 2\n", "y = 3\n"),
     1,
     "",
     {{kOther, "x = 2\ny = 3\n"}}},
    {"SeveralPlaces",
     Block(kMain, "    a = 1\n", "    a = 2\n"),
     0.8,
     "several places",
     {{kMain, "def f():\n    a = 2\n    return a\n\ndef g():\n    a = 1\n"}}},
    {"Outdented",
     Block(kMain, "a = 1\nreturn a\n", "a = 2\nreturn a\n"),
     0.7,
     "indented",
     {{kMain, "def f():\n    a = 2\n    return a\n\ndef g():\n    a = 1\n"}}},
    {"BlankLineFirst",
     Block(kMain, "\n    a = 1\n    return a\n", "    return 1\n"),
     0.75,
     "blank line",
     {{kMain, "def f():\n    return 1\n\ndef g():\n    a = 1\n"}}},
    {"Elided",
     Block(kMain, "def f():\n...\n    return a\n", "def h():\n...\n    return 2\n"),
     0.6,
     "leaves lines out",
     {{kMain, "def h():\n    a = 1\n    return 2\n\ndef g():\n    a = 1\n"}}},
    {"Appended", Block(kMain, "", "f()\n"), 0.75, "file's end"},
    {"AppendedWithoutNewline", Block(kOther, "", "z\n"), 0.75, "", {{kOther, "x = 1\ny = 2z\n"}}},
    {"BareName", Block("main.py", "    return a\n", "    return 2\n"), 0.85, "guessed"},
    {"MisspeltName", Block("app/mian.py", "    return a\n", "    return 2\n"), 0.85, "guessed"},
    {"NameOfTheBlockBefore",
     Block(kOther, "x = 1\n", "x = 2\n") + "\n" + Block("", "y = 2\n", "y = 3\n"), 0.85, "guessed"},
    {"OtherFile", Block("lib/z.py", "x = 1\n", "x = 2\n"), 0.8, "another file"},
    {"OnWhatWasWritten", Block(kOther, "x = 1\n", "x = 5\n") + Block(kOther, "x = 5\n", "x = 6\n"),
     0.65, "a block before"},
    {"NoChange", Block(kOther, "x = 1\n", "x = 1\n"), 0.6, "changes nothing"},
    {"DividerAtTheEnd", kOther + "\n```\n<<<<<<< SEARCH\nx = 1\n=======\nx = 2\n=======\n```\n",
     0.7, "ends with ======="},
    {"OpenFence", "```\n" + Block(kOther, "x = 1\n", "x = 2\n"), 0.9, "fence"},
    {"Prose", "Which file do you mean?\n", 0.3, "edits nothing"},
    {"ShellCommands", "Run this:\n\n```bash\nmake\nmake all\n<<<<<<< SEARCH\n```\n", 0.2,
     "shows code"},
    {"NotInTheFile", Block(kMain, "    return b\n", "    return 2\n"), testing::kUnusable,
     "not in the file"},
    {"SecondNotInTheFile",
     Block(kOther, "x = 1\n", "x = 2\n") + Block(kOther, "x = 1\n", "x = 3\n"), testing::kUnusable,
     "block 2"},
    {"UnknownFile", Block("lib/z.py", "q = 1\n", "x = 2\n"), testing::kUnusable,
     "not in the conversation"},
    {"NoName", "\n\n" + Block("", "x = 1\n", "x = 2\n"), testing::kUnusable, "no file is named"},
    {"NoDivider", kOther + "\n```\n<<<<<<< SEARCH\nx = 1\n>>>>>>> REPLACE\n```\n",
     testing::kUnusable, "no ====="},
    {"CutOff", kOther + "\n```\n<<<<<<< SEARCH\nx = 1\n=======\nx =", testing::kUnusable,
     "no >>>>>>> REPLACE"},
    {"EmptiesTheFile", Block(kOther, "x = 1\ny = 2\n", ""), testing::kUnusable, "not in the file"},
    {"SentenceForAName", Block("Here is the code:", "", "x = 1\n"), testing::kUnusable,
     "no file could"},
    {"OutsideTheProject", Block("../../etc/x.py", "", "x = 1\n"), testing::kUnusable,
     "no file could"},
    {"ConflictMarkers", Block(kOther, "x = 1\n", "<<<<<<< HEAD\nx = 2\n>>>>>>> me\n"),
     testing::kUnusable, "conflict"},
};

INSTANTIATE_TEST_SUITE_P(Cases, SearchReplace, ::testing::ValuesIn(kBlockCases),
                         [](const auto& info) { return info.param.name; });

TEST(SearchReplaceFence, IsTheConversations) {
  const Files files = {{"a.md", "```\ntext\n```\n"}};
  const std::string answer =
      "a.md\n````\n<<<<<<< SEARCH\n```\ntext\n=======\n```\nother\n>>>>>>> REPLACE\n````\n";
  const Checked checked = testing::CheckAgainst(ContractKind::kDiff, files, answer, "````");
  EXPECT_EQ(checked.verdict.score, 1) << checked.verdict.why;
  EXPECT_EQ(checked.changes, (Changes{{"a.md", "```\nother\n```\n"}}));
}

TEST(SearchReplaceConflict, MayBeSolved) {
  const Files files = {{"a.py", "<<<<<<< HEAD\nx\n=======\ny\n>>>>>>> z\n"}};
  const std::string keeps = Block("a.py", "<<<<<<< HEAD\n", "<<<<<<< HEAD\nw\n");
  EXPECT_TRUE(testing::CheckAgainst(ContractKind::kDiff, files, keeps).verdict.usable);
}

}  // namespace
}  // namespace mom
