#include "service/contract/patch.h"

#include <gtest/gtest.h>

#include "tests/contract/contract_testing.h"

namespace mom {
namespace {

using testing::Changes;
using testing::EditCase;
using testing::Files;
using testing::kUnusable;

const Files kPatchFiles = {{"a.py", "def f():\n    x = 1\n    return x\n\ndef g():\n    x = 1\n"},
                           {"b.py", "b = 1"}};

std::string Patch(const std::string& actions) {
  return "*** Begin Patch\n" + actions + "*** End Patch\n";
}

class PatchFormat : public ::testing::TestWithParam<EditCase> {};

TEST_P(PatchFormat, IsJudged) {
  testing::ExpectJudged(ContractKind::kPatch, kPatchFiles, GetParam());
}

const EditCase kPatchCases[] = {
    {"Update",
     Patch("*** Update File: a.py\n@@\n def f():\n-    x = 1\n+    x = 2\n"),
     1,
     "",
     {{"a.py", "def f():\n    x = 2\n    return x\n\ndef g():\n    x = 1\n"}}},
    {"Scope",
     Patch("*** Update File: a.py\n@@ def g():\n-    x = 1\n+    x = 2\n"),
     1,
     "",
     {{"a.py", "def f():\n    x = 1\n    return x\n\ndef g():\n    x = 2\n"}}},
    {"TwoChanges",
     Patch("*** Update File: a.py\n@@\n-    x = 1\n+    x = 2\n@@\n-    x = 1\n+    x = 3\n"),
     1,
     "",
     {{"a.py", "def f():\n    x = 2\n    return x\n\ndef g():\n    x = 3\n"}}},
    {"Crlf",
     "*** Begin Patch\r\n*** Update File: b.py\r\n@@\r\n-b = 1\r\n+b = 2\r\n*** End Patch\r\n",
     1,
     "",
     {{"b.py", "b = 2\n"}}},
    {"Delete", Patch("*** Delete File: b.py\n"), 1, "", {{"b.py", std::nullopt}}},
    {"Move",
     Patch("*** Update File: b.py\n*** Move to: c.py\n@@\n-b = 1\n+b = 2\n"),
     1,
     "",
     {{"b.py", std::nullopt}, {"c.py", "b = 2\n"}}},
    {"EndOfFile",
     Patch("*** Update File: a.py\n@@\n-    x = 1\n+    x = 2\n*** End of File\n"),
     1,
     "",
     {{"a.py", "def f():\n    x = 1\n    return x\n\ndef g():\n    x = 2\n"}}},
    {"NotAtTheEnd", Patch("*** Update File: a.py\n@@\n-def f():\n+def h():\n*** End of File\n"),
     0.65, "at its end"},
    {"OtherSpace", Patch("*** Update File: a.py\n@@\n-x = 1\n+    x = 2\n"), 0.7, "white space"},
    {"NoBeginning", "*** Update File: b.py\n@@\n-b = 1\n+b = 2\n*** End Patch\n", 0.8,
     "Begin Patch"},
    {"CutOff", "*** Begin Patch\n*** Update File: b.py\n@@\n-b = 1\n+b =", 0.5, "End Patch"},
    {"Add", Patch("*** Add File: c.py\n+c = 1\n"), 0.4, "versions of aider", {{"c.py", "c = 1\n"}}},
    {"EmptyPatch", Patch(""), 0.2, "empty"},
    {"Prose", "Which file?\n", 0.3, "edits nothing"},
    {"ProseFirst", "Here:\n\n" + Patch("*** Delete File: b.py\n"), kUnusable, "no file"},
    {"NotInTheFile", Patch("*** Update File: a.py\n@@\n-    y = 1\n+    y = 2\n"), kUnusable,
     "not in it"},
    {"NoSuchScope", Patch("*** Update File: a.py\n@@ def h():\n-    x = 1\n+    x = 2\n"),
     kUnusable, "the @@ line of change 1 is not in it"},
    {"UnknownFile", Patch("*** Update File: z.py\n@@\n-z\n+y\n"), kUnusable, "conversation"},
    {"UnknownFileGone", Patch("*** Delete File: z.py\n"), kUnusable, "conversation"},
    {"AddsWhatIsThere", Patch("*** Add File: a.py\n+x\n"), kUnusable, "there already"},
    {"AddsUnmarkedLines", Patch("*** Add File: c.py\nx\n"), kUnusable, "has no +"},
    {"Unmarked", Patch("*** Update File: a.py\n@@\ndef f():\n+    y = 1\n"), kUnusable, "no mark"},
    {"NoLines", Patch("*** Update File: a.py\n@@\n"), kUnusable, "no lines"},
    {"Overlap",
     Patch(
         "*** Update File: b.py\n@@\n-b = 1\n+b = 2\n*** Update File: b.py\n@@\n-b = 1\n+b = 3\n"),
     kUnusable, "overlap"},
    {"TwoActions", Patch("*** Delete File: b.py\n*** Update File: b.py\n@@\n-b = 1\n+b = 2\n"),
     kUnusable, "two actions"},
    {"Conflict", Patch("*** Update File: b.py\n@@\n-b = 1\n+<<<<<<< HEAD\n+b\n+>>>>>>> x\n"),
     kUnusable, "conflict"},
};

INSTANTIATE_TEST_SUITE_P(Cases, PatchFormat, ::testing::ValuesIn(kPatchCases),
                         [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace mom
