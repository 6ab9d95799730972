#include "service/contract/hunk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mom {
namespace {

using ::testing::ElementsAre;

std::string Text(const HunkLines& lines) {
  std::string text;
  for (const HunkLine& line : lines) text.append(1, line.op).append(line.text) += ' ';
  return text;
}

// As difflib has it: the longest common run, of equals the first, and the same on both sides of it.
TEST(DiffOf, KeepsTheLongestRunsAndOfEqualsTheFirst) {
  EXPECT_EQ(Text(DiffOf({"if", "p", "", "r", ""}, {"if", "q", "s", "t", ""})),
            " if -p +q +s +t   -r - ");
  EXPECT_EQ(Text(DiffOf({"a", "x", "y"}, {"x", "y", "a"})), "-a  x  y +a ");
  EXPECT_EQ(Text(DiffOf({}, {"a"})), "+a ");
  EXPECT_EQ(Text(DiffOf({"a", "b"}, {"a", "b"})), " a  b ");
}

TEST(DiffOf, OfLargeTextsKeepsBothEnds) {
  std::vector<std::string_view> before(1000, "x");
  std::vector<std::string_view> after(1000, "x");
  before[500] = "old";
  after[500] = "new";
  const HunkLines diff = DiffOf(before, after);
  ASSERT_EQ(diff.size(), 1001u);
  EXPECT_EQ(diff[500], (HunkLine{'-', "old"}));
  EXPECT_EQ(diff[501], (HunkLine{'+', "new"}));
  EXPECT_EQ(diff[1000], (HunkLine{' ', "x"}));
}

}  // namespace
}  // namespace mom
