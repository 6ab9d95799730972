#include "clients/cli/terminal_text.h"

#include <gtest/gtest.h>

namespace mom::cli {
namespace {

TEST(TerminalTextTest, WidthIsInColumns) {
  EXPECT_EQ(DisplayWidth(""), 0u);
  EXPECT_EQ(DisplayWidth("Paris"), 5u);
  EXPECT_EQ(DisplayWidth("Île →✓⠋"), 7u);
  EXPECT_EQ(DisplayWidth("パリ"), 4u);
  EXPECT_EQ(DisplayWidth("🗼"), 2u);
  EXPECT_EQ(DisplayWidth("e\u0301"), 1u);
}

TEST(TerminalTextTest, ModelsCannotSteerTheTerminal) {
  EXPECT_EQ(WithoutControls("\x1b]0;title\x07 \x1b[2J"), "\uFFFD]0;title\uFFFD \uFFFD[2J");
  EXPECT_EQ(WithoutControls("\u009B2J\x7F\r"), "\uFFFD2J\uFFFD\uFFFD");
  EXPECT_EQ(WithoutControls("\u202Etxt.exe\u2066"), "\uFFFDtxt.exe\uFFFD");
  EXPECT_EQ(WithoutControls("a\tb\nÎle パリ 🗼"), "a\tb\nÎle パリ 🗼");
}

TEST(TerminalTextTest, AlignsByColumns) {
  StyledLine line;
  line.AddLeft("パリ", 6).AddRight("→1", 4).AddLeft("too long", 3);
  EXPECT_EQ(line.Render(false), "パリ    →1too long");
  EXPECT_EQ(line.width(), 18u);
}

TEST(TerminalTextTest, CutsAtColumnsAndKeepsStyles) {
  StyledLine line;
  line.Add("ab", Style::kGood).Add("パリ").Add("");
  EXPECT_EQ(line.CutTo(6, "…").Render(false), "abパリ");
  EXPECT_EQ(line.CutTo(5, "…").Render(false), "abパ…");
  EXPECT_EQ(line.CutTo(4, "…").Render(false), "ab…");
  EXPECT_EQ(line.CutTo(2, "…").Render(true), "\x1b[32ma\x1b[m\x1b[32m…\x1b[m");
  EXPECT_EQ(line.CutTo(0, "…").Render(false), "");
}

TEST(TerminalTextTest, ColoursOnlyWhereAsked) {
  StyledLine line;
  line.Add("plain ").Add("bad", Style::kBad);
  EXPECT_EQ(line.Render(false), "plain bad");
  EXPECT_EQ(line.Render(true), "plain \x1b[31mbad\x1b[m");
}

}  // namespace
}  // namespace mom::cli
