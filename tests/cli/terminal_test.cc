#include "clients/cli/terminal.h"

#include <gtest/gtest.h>

#include "tests/testing/env_of.h"

namespace mom::cli {
namespace {

using mom::testing::EnvOf;

TEST(TerminalTest, AUsualOneCanDrawInColour) {
  const Terminal terminal = DescribeTerminal(EnvOf({{"TERM", "xterm-256color"}}));
  EXPECT_TRUE(terminal.is_there);
  EXPECT_TRUE(terminal.can_draw);
  EXPECT_TRUE(terminal.has_colour);
}

TEST(TerminalTest, NoColorTakesOnlyTheColours) {
  const Terminal terminal = DescribeTerminal(EnvOf({{"TERM", "xterm"}, {"NO_COLOR", "1"}}));
  EXPECT_TRUE(terminal.can_draw);
  EXPECT_FALSE(terminal.has_colour);
  EXPECT_TRUE(DescribeTerminal(EnvOf({{"TERM", "xterm"}, {"NO_COLOR", ""}})).has_colour);
}

TEST(TerminalTest, ADumbOneCannotDraw) {
  for (const char* term : {"dumb", ""}) {
    const Terminal terminal = DescribeTerminal(EnvOf({{"TERM", term}}));
    EXPECT_TRUE(terminal.is_there);
    EXPECT_FALSE(terminal.can_draw);
    EXPECT_FALSE(terminal.has_colour);
  }
}

TEST(TerminalTest, TheLocaleThatHoldsSaysWhetherItHasUnicode) {
  const auto has_unicode = [](mom::testing::Variables variables) {
    return DescribeTerminal(EnvOf(std::move(variables))).has_unicode;
  };
  EXPECT_TRUE(has_unicode({{"LANG", "de_DE.UTF-8"}}));
  EXPECT_TRUE(has_unicode({{"LC_ALL", ""}, {"LC_CTYPE", "C.utf8"}, {"LANG", "C"}}));
  EXPECT_FALSE(has_unicode({{"LC_ALL", "C"}, {"LANG", "de_DE.UTF-8"}}));
  EXPECT_FALSE(has_unicode({}));
}

}  // namespace
}  // namespace mom::cli
