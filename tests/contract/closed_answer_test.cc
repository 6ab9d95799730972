#include "service/contract/closed_answer.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

constexpr ContractKind kNumber = ContractKind::kClosedNumber;
constexpr ContractKind kLetter = ContractKind::kClosedLetter;
constexpr ContractKind kYesNo = ContractKind::kClosedYesNo;

struct AnswerCase {
  ContractKind kind;
  std::string text;
  std::optional<std::string> canonical;
};

TEST(CanonicalAnswer, IsOneForAllWaysOfWritingIt) {
  const AnswerCase cases[] = {
      {kNumber, "42", "42"},
      {kNumber, " 42.0\n", "42"},
      {kNumber, "**+42**.", "42"},
      {kNumber, "1,000", "1000"},
      {kNumber, "1e3", "1000"},
      {kNumber, "1.50e-2", "0.015"},
      {kNumber, "007", "7"},
      {kNumber, "-0", "0"},
      {kNumber, "−3.10", "-3.1"},
      {kNumber, "$3.10", "3.1"},
      {kNumber, "3/4", "0.75"},
      {kNumber, "-2/6", "-1/3"},
      {kNumber, "10/5", "2"},
      {kNumber, "12345678901234567890", "12345678901234567890"},
      {kNumber, "There are 42 apples.", "42"},
      {kNumber, "42 km", "42"},
      {kNumber, "42%", "42"},
      {kNumber, "1 + 41 = 42", "42"},
      {kNumber, "First 3 and 4 are added.\nThe answer is **7**.", "7"},
      {kNumber, "The answer is 6. Wait: 3 + 4 is 7, so the answer is 7.", "7"},
      {kNumber, "6 * 7 gives\n\\boxed{42}", "42"},
      {kNumber, "3 + 4\n#### 7", "7"},
      {kNumber, "3 and 4 make\n\n7", "7"},
      {kNumber, "7\n\nBecause 3 and 4 make it.", "7"},
      {kLetter, "B", "B"},
      {kLetter, "b", "B"},
      {kLetter, "**B**", "B"},
      {kLetter, "B.", "B"},
      {kLetter, "(b)", "B"},
      {kLetter, "B) Paris", "B"},
      {kLetter, "B. Paris, as it is the capital.", "B"},
      {kLetter, "The answer is B", "B"},
      {kLetter, "The answer is (b).", "B"},
      {kLetter, "A is a city, C a river.\n\nThe correct answer is **B** because", "B"},
      {kLetter, "Answer: A, but no. Answer: C", "C"},
      {kLetter, "A. Rome\nB. Paris\n\nAnswer: option B", "B"},
      {kLetter, "$\\boxed{\\text{B}}$", "B"},
      {kLetter, "It is the capital.\nB", "B"},
      {kLetter, "B\nIt is the capital.", "B"},
      {kYesNo, "Yes.", "yes"},
      {kYesNo, "yes it is", "yes"},
      {kYesNo, "**No**, it is not.", "no"},
      {kYesNo, "NO", "no"},
      {kYesNo, "True", "yes"},
      {kYesNo, "False.", "no"},
      {kYesNo, "The answer is no", "no"},
      {kYesNo, "It rains.\n\nYes", "yes"},
  };
  for (const AnswerCase& one : cases) {
    EXPECT_EQ(CanonicalAnswer(one.kind, one.text), one.canonical) << one.text;
  }
}

TEST(CanonicalAnswer, IsNoneWhereTheTextDoesNotTell) {
  const AnswerCase cases[] = {
      {kNumber, "", {}},
      {kNumber, "I do not know.", {}},
      {kNumber, "Between 3 and 4.", {}},
      {kNumber, "3-4", {}},
      {kNumber, "3 to 4", {}},
      {kNumber, "12:30", {}},
      {kNumber, "1.2.3", {}},
      {kNumber, "3,14", {}},
      {kNumber, "10^6", {}},
      {kNumber, "1.2 × 10^6", {}},
      {kNumber, "3/0", {}},
      {kNumber, "GPT-4 is unsure", {}},
      {kNumber, "In 2024 that was not known. " + std::string(200, 'x'), {}},
      {kLetter, "", {}},
      {kLetter, "Paris", {}},
      {kLetter, "A. Rome\nB. Paris", {}},
      {kLetter, "The answer is a bit long.", {}},
      {kLetter, "A good question.", {}},
      {kYesNo, "No one knows.", {}},
      {kYesNo, "It depends.", {}},
      {kYesNo, "Yesterday", {}},
      {ContractKind::kNone, "42", {}},
  };
  for (const AnswerCase& one : cases) {
    EXPECT_EQ(CanonicalAnswer(one.kind, one.text), std::nullopt) << one.text;
  }
}

TEST(CheckClosedAnswer, IsBestWhereThereIsNothingElse) {
  EXPECT_EQ(CheckClosedAnswer(kNumber, " 42\n").score, 1);
  EXPECT_EQ(CheckClosedAnswer(kLetter, "B").score, 1);
  EXPECT_EQ(CheckClosedAnswer(kYesNo, "Yes").score, 1);
  EXPECT_EQ(CheckClosedAnswer(kLetter, "**B**").score, 0.9);
  EXPECT_EQ(CheckClosedAnswer(kLetter, "The correct answer here is B.").score, 0.7);
  const Verdict none = CheckClosedAnswer(kYesNo, "It depends.");
  EXPECT_FALSE(none.usable);
  EXPECT_EQ(none.score, 0.1);
  EXPECT_FALSE(none.why.empty());
}

TEST(ContractFromName, IsTheReverseOfTheName) {
  for (int kind = 0; kind <= static_cast<int>(kYesNo); ++kind) {
    const auto one = static_cast<ContractKind>(kind);
    EXPECT_EQ(ContractFromName(NameOf(one)), one);
  }
  EXPECT_EQ(ContractFromName("auto"), std::nullopt);
  EXPECT_TRUE(IsClosed(kYesNo));
  EXPECT_FALSE(IsClosed(ContractKind::kDiff));
}

}  // namespace
}  // namespace mom
