// What the tests of the contract checker share.
#ifndef MOM_TESTS_CONTRACT_CONTRACT_TESTING_H_
#define MOM_TESTS_CONTRACT_CONTRACT_TESTING_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

#include "service/contract/contract.h"

namespace mom::testing {

using Files = std::map<std::string, std::string>;
using Changes = std::map<std::string, std::optional<std::string>>;

inline Message Says(Role role, std::string text) {
  Message message;
  message.role = role;
  message.content.push_back(TextPart{std::move(text)});
  return message;
}

inline ChatRequest Asks(std::vector<Message> messages) {
  ChatRequest request;
  request.messages = std::move(messages);
  return request;
}

inline ContractKind KindOf(std::vector<Message> messages) {
  return Detect(Asks(std::move(messages))).kind;
}

// A user's message that adds files, as aider writes it.
inline std::string FilesMessage(const Files& files, const std::string& fence = "```",
                                const std::string& opening =
                                    "I have *added these files to the chat* so you can edit "
                                    "them.\n\n*Trust this message!*\n") {
  std::string text = opening;
  for (const auto& [path, body] : files) {
    text += "\n" + path + "\n" + fence + "\n" + body + fence + "\n";
  }
  return text;
}

// What came of an answer.
struct Checked {
  Verdict verdict;
  Changes changes;
};

// Checks an answer of an edit format against these files.
inline Checked CheckAgainst(ContractKind kind, const Files& files, const std::string& answer,
                            const std::string& fence = "```") {
  ChatRequest request;
  request.messages.push_back(Says(Role::kUser, FilesMessage(files, fence)));
  Contract contract;
  contract.kind = kind;
  contract.files = FindChatFiles(request);
  Workspace workspace(contract.files);
  Checked checked;
  checked.verdict = CheckEdits(contract, answer, workspace);
  checked.changes = workspace.Changes();
  return checked;
}

// One answer of an edit format, and how it must be judged.
struct EditCase {
  const char* name;
  std::string answer;
  double score;          // kUnusable: that, and at most 0.2
  std::string why = {};  // a part of it; of a score of 1 there is none
  Changes changes = {};  // empty: not looked at
};
inline constexpr double kUnusable = -1;
inline void PrintTo(const EditCase& one, std::ostream* out) { *out << one.answer; }

inline void ExpectJudged(ContractKind kind, const Files& files, const EditCase& one) {
  const Checked checked = CheckAgainst(kind, files, one.answer);
  EXPECT_EQ(checked.verdict.usable, one.score != kUnusable) << checked.verdict.why;
  if (one.score == kUnusable) {
    EXPECT_LE(checked.verdict.score, 0.2);
  } else {
    EXPECT_DOUBLE_EQ(checked.verdict.score, one.score) << checked.verdict.why;
  }
  EXPECT_THAT(checked.verdict.why, ::testing::HasSubstr(one.why));
  EXPECT_EQ(checked.verdict.why.empty(), one.score == 1);
  if (!one.changes.empty()) {
    EXPECT_EQ(checked.changes, one.changes);
  }
}

}  // namespace mom::testing

#endif  // MOM_TESTS_CONTRACT_CONTRACT_TESTING_H_
