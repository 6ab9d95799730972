#include "clients/cli/text_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mom::cli {
namespace {

using ::testing::ElementsAre;

TEST(TextLinesTest, WrapsAtBlanksAndElseAnywhere) {
  EXPECT_THAT(WrapLines("", 10), ElementsAre(""));
  EXPECT_THAT(WrapLines("one\n\ntwo\n", 10), ElementsAre("one", "", "two", ""));
  EXPECT_THAT(WrapLines("one two three", 8), ElementsAre("one two", "three"));
  EXPECT_THAT(WrapLines("one two three", 7), ElementsAre("one two", "three"));
  EXPECT_THAT(WrapLines("one two three", 6), ElementsAre("one", "two", "three"));
  EXPECT_THAT(WrapLines("abcdefghij", 4), ElementsAre("abcd", "efgh", "ij"));
  EXPECT_THAT(WrapLines("    indented", 8), ElementsAre("    inde", "nted"));
  EXPECT_THAT(WrapLines("\tx\x1b", 10), ElementsAre("    x\uFFFD"));
  EXPECT_THAT(WrapLines("漢字漢字", 5), ElementsAre("漢字", "漢字"));
  EXPECT_THAT(WrapLines("漢", 1), ElementsAre("漢"));
}

TEST(TextLinesTest, OneLineHasNoEnds) { EXPECT_EQ(OneLine("a\tb\nc\r"), "a b c\uFFFD"); }

}  // namespace
}  // namespace mom::cli
