#include "service/contract/effect.h"

#include <gtest/gtest.h>

#include "tests/contract/contract_testing.h"

namespace mom::testing {
namespace {

class EffectTest : public ::testing::Test {
 protected:
  // Of an answer to a question about a.py and b.py.
  static std::string Of(ContractKind kind, const std::string& answer) {
    ChatRequest request;
    request.messages.push_back(
        Says(Role::kUser, FilesMessage({{"a.py", "x = 1\ny = 1\n"}, {"b.py", "z = 1\n"}})));
    Contract contract;
    contract.kind = kind;
    contract.files = FindChatFiles(request);
    return EffectOf(contract, answer);
  }
  static std::string Block(const std::string& path, const std::string& search,
                           const std::string& replace) {
    return path + "\n```\n<<<<<<< SEARCH\n" + search + "\n=======\n" + replace +
           "\n>>>>>>> REPLACE\n```\n";
  }
};

TEST_F(EffectTest, OfEditsIsWhatTheFilesBecome) {
  const std::string one = Of(ContractKind::kDiff, Block("a.py", "x = 1", "x = 2"));
  EXPECT_EQ(Of(ContractKind::kDiff, "Sure:\n" + Block("a.py", "x = 1\ny = 1", "x = 2\ny = 1")),
            one);
  EXPECT_EQ(Of(ContractKind::kWhole, "a.py\n```\nx = 2\ny = 1\n```\n"), one)
      << "in whatever way they are written";
  EXPECT_NE(Of(ContractKind::kDiff, Block("a.py", "y = 1", "y = 2")), one);
  EXPECT_NE(Of(ContractKind::kDiff, Block("b.py", "z = 1", "x = 2")), one);
}

TEST_F(EffectTest, OfARemovedFileIsNotThatOfAnEmptyOne) {
  EXPECT_NE(Of(ContractKind::kPatch, "*** Begin Patch\n*** Delete File: b.py\n*** End Patch\n"),
            Of(ContractKind::kPatch,
               "*** Begin Patch\n*** Update File: b.py\n@@\n-z = 1\n+\n*** End Patch\n"));
}

TEST_F(EffectTest, OfAClosedAnswerIsWhatItSays) {
  EXPECT_EQ(Of(ContractKind::kClosedNumber, "The answer is 42."),
            Of(ContractKind::kClosedNumber, "42.0"));
}

TEST_F(EffectTest, OfTextIsTheText) {
  EXPECT_EQ(Of(ContractKind::kDiff, "Which file?\n"), Of(ContractKind::kDiff, "Which file?"));
  EXPECT_NE(Of(ContractKind::kDiff, "Which file?"), Of(ContractKind::kDiff, "Which one?"));
  EXPECT_NE(Of(ContractKind::kNone, "1"), Of(ContractKind::kNone, "1.0"));
}

}  // namespace
}  // namespace mom::testing
