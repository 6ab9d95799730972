#include "service/contract/text_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mom {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(TextLines, AreBrokenWherePythonBreaksThem) {
  EXPECT_THAT(SplitLines(""), IsEmpty());
  EXPECT_THAT(SplitLines("a\n\nb"), ElementsAre("a", "", "b"));
  EXPECT_THAT(SplitLines("a\r\nb\rc\n"), ElementsAre("a\r", "b\r", "c"));
  EXPECT_THAT(SplitLines("a\fb\vc\x1c"), ElementsAre("a\f", "b\v", "c\x1c"));
  EXPECT_THAT(SplitLines("a\xc2\x85z\xe2\x80\xa8y\xe2\x80\xa9x"),
              ElementsAre("a\xc2\x85", "z\xe2\x80\xa8", "y\xe2\x80\xa9", "x"));
  // Characters that begin with the same byte break nothing.
  EXPECT_THAT(SplitLines("\xc2\xa9 \xe2\x82\xac"), ElementsAre("\xc2\xa9 \xe2\x82\xac"));
}

TEST(TextLines, AreJoinedAsTheyWere) {
  for (const std::string_view text : {"a\n\nb\n", "a\r\nb\n", "a\fb\n", "a\xe2\x80\xa8\n"}) {
    std::string joined;
    for (const std::string_view line : SplitLines(text)) AppendLine(line, joined);
    EXPECT_EQ(joined, text);
  }
}

TEST(TextLines, WithoutTheirBreak) {
  EXPECT_EQ(WithoutBreak("a\r"), "a");
  EXPECT_EQ(WithoutBreak("a\f"), "a");
  EXPECT_EQ(WithoutBreak("a\xe2\x80\xa8"), "a");
  EXPECT_EQ(WithoutBreak("\xe2\x82\xac"), "\xe2\x82\xac");
  EXPECT_EQ(WithoutBreak(""), "");
}

TEST(TextLines, AreStrippedOfUnicodesSpaces) {
  EXPECT_EQ(Strip(" \t a b\xc2\xa0\r"), "a b");
  EXPECT_EQ(Strip("\xe3\x80\x80 x\xe2\x80\x83"), "x");
  EXPECT_EQ(Strip("\xc3\xa9"), "\xc3\xa9");
  EXPECT_TRUE(IsAllSpace("\xe2\x80\xa9 \n"));
  EXPECT_FALSE(IsAllSpace(" . "));
}

TEST(TextLines, MarkersMayBeShorterAndLonger) {
  EXPECT_TRUE(IsMarker("<<<<< SEARCH", '<', 5, 9, " SEARCH"));
  EXPECT_TRUE(IsMarker("<<<<<<<<< SEARCH  ", '<', 5, 9, " SEARCH"));
  EXPECT_FALSE(IsMarker("<<<< SEARCH", '<', 5, 9, " SEARCH"));
  EXPECT_FALSE(IsMarker("<<<<<<<<<< SEARCH", '<', 5, 9, " SEARCH"));
  EXPECT_FALSE(IsMarker("<<<<<<< SEARCH x", '<', 5, 9, " SEARCH"));
  EXPECT_TRUE(IsMarker("=======", '=', 5, 9, ""));
}

}  // namespace
}  // namespace mom
