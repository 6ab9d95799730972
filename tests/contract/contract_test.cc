#include "service/contract/contract.h"

#include <gtest/gtest.h>

#include "tests/contract/contract_testing.h"

namespace mom {
namespace {

using testing::KindOf;
using testing::Says;

// As short as aider's could become; tests/contracts has what it sends.
const std::string kDiffPrompt =
    "Be nice.\nAct as an expert software developer.\nWork.\n# *SEARCH/REPLACE block* "
    "Rules:\n\nEvery block:\n1. The *FULL* file path alone on a line, verbatim.\n";

TEST(Detect, KnowsAidersInstructions) {
  EXPECT_EQ(KindOf({Says(Role::kSystem, kDiffPrompt), Says(Role::kUser, "Do it.")}),
            ContractKind::kDiff);
  EXPECT_EQ(KindOf({Says(Role::kSystem, "Reasoning: high"), Says(Role::kDeveloper, kDiffPrompt)}),
            ContractKind::kDiff);
  EXPECT_EQ(KindOf({Says(Role::kUser, kDiffPrompt), Says(Role::kAssistant, "Ok."),
                    Says(Role::kUser, "Do it.")}),
            ContractKind::kDiff);
  EXPECT_EQ(KindOf({Says(Role::kUser, kDiffPrompt), Says(Role::kUser, "Do it.")}),
            ContractKind::kDiff)
      << "made of the system's message for a model that has none";
}

TEST(Detect, KnowsOnlyInstructions) {
  EXPECT_EQ(KindOf({}), ContractKind::kNone);
  EXPECT_EQ(KindOf({Says(Role::kSystem, "Act as an expert software developer.")}),
            ContractKind::kNone);
  EXPECT_EQ(KindOf({Says(Role::kUser, kDiffPrompt)}), ContractKind::kNone) << "somebody shows them";
  EXPECT_EQ(KindOf({Says(Role::kUser, kDiffPrompt), Says(Role::kAssistant, "That is aider's."),
                    Says(Role::kUser, "Why?")}),
            ContractKind::kNone);
  EXPECT_EQ(KindOf({Says(Role::kUser, "Hello."), Says(Role::kSystem, kDiffPrompt)}),
            ContractKind::kNone)
      << "they open a conversation";
  std::string quoted = "> " + kDiffPrompt;
  for (std::size_t at = 0; (at = quoted.find('\n', at)) + 1 < quoted.size(); at += 3) {
    quoted.insert(at + 1, "> ");
  }
  EXPECT_EQ(KindOf({Says(Role::kSystem, "Explain this:\n" + quoted)}), ContractKind::kNone);
}

TEST(Detect, TakesTheFilesOfAnEditFormat) {
  ChatRequest request;
  request.messages = {Says(Role::kSystem, kDiffPrompt),
                      Says(Role::kUser, testing::FilesMessage({{"a.py", "a\n"}}))};
  EXPECT_EQ(Detect(request).files.files.size(), 1U);
}

TEST(Detect, TakesTheResponseFormatBeforeAll) {
  ChatRequest request;
  request.messages = {Says(Role::kSystem, kDiffPrompt)};
  request.response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
  EXPECT_EQ(Detect(request).kind, ContractKind::kJsonObject);
  request.response_format->kind = ResponseFormat::Kind::kText;
  EXPECT_EQ(Detect(request).kind, ContractKind::kDiff);
}

struct PlainCase {
  ContractKind kind;
  std::string answer;
  bool usable;
  double score;
};

TEST(Check, JudgesPlainAnswers) {
  const std::string long_message = "feat: " + std::string(67, 'x');
  const std::string wide_message =
      "feat: " + std::string(20, 'x') + "\xc3\xa9\xc3\xa9" + std::string(44, 'x');
  const PlainCase cases[] = {
      {ContractKind::kNone, "anything", true, 1},
      {ContractKind::kArchitect, "```\ncode\n```", true, 1},
      {ContractKind::kCommitMessage, "feat: greet the world\n", true, 1},
      {ContractKind::kCommitMessage, "fix(parser)!: stop", true, 1},
      {ContractKind::kCommitMessage, "\"docs: say why\"", true, 1},
      {ContractKind::kCommitMessage, wide_message, true, 1},
      {ContractKind::kCommitMessage, long_message, true, 0.7},
      {ContractKind::kCommitMessage, "Greet the world", true, 0.6},
      {ContractKind::kCommitMessage, "feat: greet\n\nAnd more.", false, 0.2},
      {ContractKind::kCommitMessage, "```\nfeat: greet\n```", false, 0.1},
      {ContractKind::kSummary, "I asked you to greet in hello.py.\n\nThen more.", true, 1},
      {ContractKind::kSummary, "The user asked to greet.", true, 0.7},
      {ContractKind::kSummary, "I asked you:\n```\nx\n```\n", false, 0.2},
      {ContractKind::kJsonObject, " {\"a\": [1, 2]}\n", true, 1},
      {ContractKind::kJsonObject, "[1]", false, 0.1},
      {ContractKind::kJsonObject, "```json\n{}\n```", false, 0.2},
      {ContractKind::kJsonObject, "```json\n{}\n```\nThat is it.", false, 0.1},
      {ContractKind::kJsonObject, "{} {}", false, 0.1},
  };
  for (const PlainCase& one : cases) {
    SCOPED_TRACE(one.answer);
    Contract contract;
    contract.kind = one.kind;
    Completion completion;
    completion.text = one.answer;
    const Verdict verdict = Check(contract, completion);
    EXPECT_EQ(verdict.usable, one.usable);
    EXPECT_DOUBLE_EQ(verdict.score, one.score);
    EXPECT_EQ(verdict.why.empty(), one.score == 1);
  }
}

TEST(Check, JudgesEditsByTheConversationsFiles) {
  ChatRequest request;
  request.messages = {Says(Role::kSystem, kDiffPrompt),
                      Says(Role::kUser, testing::FilesMessage({{"a.py", "a = 1\n"}}))};
  const Contract contract = Detect(request);
  Completion answer;
  answer.text = "a.py\n```\n<<<<<<< SEARCH\na = 1\n=======\na = 2\n>>>>>>> REPLACE\n```\n";
  EXPECT_EQ(Check(contract, answer).score, 1);
  EXPECT_EQ(Check(contract, answer).score, 1) << "a check leaves the files as they were";
}

TEST(Verdict, TellsTheWorst) {
  Verdict verdict;
  verdict.Lower(0.8, "first");
  verdict.Lower(0.9, "less");
  EXPECT_EQ(verdict.why, "first");
  verdict.Break(0.1, "broken");
  verdict.Lower(0.05, "lower");
  EXPECT_FALSE(verdict.usable);
  EXPECT_EQ(verdict.score, 0.05);
}

// What a verdict tells goes into logs and traces.
TEST(Check, TellsNothingOfTheContent) {
  const testing::Files files = {{"a.py", "x = 1\ny = 2\n"}};
  const std::pair<ContractKind, std::string> answers[] = {
      {ContractKind::kDiff, "a.py\n<<<<<<< SEARCH\nmy secret\n=======\nz\n>>>>>>> REPLACE\n"},
      {ContractKind::kDiff, "my secret\n<<<<<<< SEARCH\nx = 9\n=======\nz\n>>>>>>> REPLACE\n"},
      {ContractKind::kDiff, "a.py\n<<<<<<< SEARCH\nmy secret\n"},
      {ContractKind::kUdiff, "```diff\n--- my secret\n+++ my secret\n@@\n-x = 9\n+z\n```\n"},
      {ContractKind::kUdiff, "```diff\n--- a.py\n+++ a.py\n@@\n-my secret\n+z\n```\n"},
      {ContractKind::kWhole, "my secret\n```\nz\n```\n"},
      {ContractKind::kWhole, "a.py\n```\n# ... existing secret\n```\n"},
      {ContractKind::kPatch, "*** Begin Patch\n*** Update File: a.py\n@@ my secret\n-x = 1\n"},
      {ContractKind::kPatch, "*** Begin Patch\n*** Update File: a.py\n@@\n-my secret\n+z\n"},
      {ContractKind::kPatch, "*** Begin Patch\n*** Update File: a.py\n@@\nmy secret\n"},
      {ContractKind::kPatch, "*** Begin Patch\n*** Update File: my secret\n@@\n-x = 1\n"},
      {ContractKind::kPatch, "*** Begin Patch\n*** Delete File: my secret\n"},
      {ContractKind::kPatch, "*** Begin Patch\n*** Add File: my secret\n+z\n*** End Patch"},
      {ContractKind::kPatch, "*** Begin Patch\n*** Add File: my secret\nz\n*** End Patch"},
      {ContractKind::kPatch, "*** Begin Patch\nmy secret\n*** End Patch"},
  };
  for (const auto& [kind, answer] : answers) {
    const Verdict verdict = testing::CheckAgainst(kind, files, answer).verdict;
    EXPECT_FALSE(verdict.why.empty()) << answer;
    EXPECT_EQ(verdict.why.find("secret"), std::string::npos) << answer << verdict.why;
  }
}

// A line that stands everywhere is found as quickly as any other.
TEST(Check, TakesTheFirstOfVeryManyPlaces) {
  std::string body;
  for (int i = 0; i < 250'000; ++i) body += "}\n";
  std::string answer;
  for (int i = 0; i < 250; ++i) {
    answer += "a.c\n<<<<<<< SEARCH\n}\n}\n}\n=======\n}\n}  // x\n}\n>>>>>>> REPLACE\n";
  }
  const testing::Checked checked =
      testing::CheckAgainst(ContractKind::kDiff, {{"a.c", body}}, answer);
  EXPECT_TRUE(checked.verdict.usable) << checked.verdict.why;
  EXPECT_DOUBLE_EQ(checked.verdict.score, 0.8) << checked.verdict.why;
}

}  // namespace
}  // namespace mom
