#include "clients/cli/live_region.h"

#include <gtest/gtest.h>

#include "tests/cli/screen.h"

namespace mom::cli {
namespace {

using testing::Screen;

std::vector<StyledLine> Lines(std::initializer_list<std::string_view> texts) {
  std::vector<StyledLine> out;
  for (const std::string_view text : texts) out.emplace_back().Add(text, Style::kGood);
  return out;
}

// What a terminal of this width makes of a text that is printed at once.
std::string Printed(std::string_view text, std::size_t columns) {
  std::string bytes;
  for (std::size_t column = 0; !text.empty();) {
    const std::string character(FirstCharacter(text));
    text.remove_prefix(character.size());
    if (character == "\t") {
      const std::string blanks(8 - column % 8, ' ');
      bytes += blanks;
      column += blanks.size();
    } else if (character == "\n") {
      bytes += "\r\n";
      column = 0;
    } else {
      bytes += character;
      column += DisplayWidth(character);
    }
  }
  Screen screen(columns, 1000);
  screen.Write(bytes);
  return screen.Text();
}

TEST(LiveRegionTest, LinesAreDrawnAnew) {
  Screen screen(20, 5);
  LiveRegion region;
  screen.Write(region.Frame("", Lines({"one", "two, which is long", "three"}), 20, true));
  EXPECT_EQ(screen.Text(), "one\ntwo, which is long\nthree");
  screen.Write(region.Frame("", Lines({"1", "2"}), 20, true));
  EXPECT_EQ(screen.Text(), "1\n2");
}

TEST(LiveRegionTest, TextStaysAboveTheLines) {
  Screen screen(20, 5);
  LiveRegion region;
  screen.Write(region.Frame("", Lines({"waits"}), 20, false));
  screen.Write(region.Frame("Par", Lines({"writes", "now"}), 20, false));
  EXPECT_EQ(screen.Text(), "Par\nwrites\nnow");
  screen.Write(region.Frame("is.\nYes", Lines({"writes", "now"}), 20, false));
  EXPECT_EQ(screen.Text(), "Paris.\nYes\nwrites\nnow");
  screen.Write(region.Frame(".\n", Lines({"over"}), 20, false));
  EXPECT_EQ(screen.Text(), "Paris.\nYes.\nover");
}

// However a text is cut into frames, the terminal shows what it would show of the whole.
TEST(LiveRegionTest, EveryCutOfATextGivesTheSameScreen) {
  const std::string texts[] = {
      "The quick brown fox jumps over the lazy dog, again and again and again.",
      "twelve chars\ntwelve chars\n\nsix...",
      "パリはフランスの首都です。Paris, 花の都。",
      "12345678901ab\n1234567890ab\n12345678901パリ",
      "e\u0301te\u0301 of combining e\u0301, and 🗼🗼🗼🗼🗼🗼🗼",
      "a\tb\tc\n\tindented\tand\tlong\n1234567\t8\t9",
  };
  const std::vector<StyledLine> lines = Lines({"state: busy", "of all"});
  for (const std::string& text : texts) {
    for (std::size_t step = 1; step <= text.size(); ++step) {
      Screen screen(12, 4);
      LiveRegion region;
      std::string piece;
      std::size_t characters = 0;
      for (std::string_view rest = text; !rest.empty(); ++characters) {
        const std::string_view character = FirstCharacter(rest);
        if (characters % step == 0)
          screen.Write(region.Frame(std::exchange(piece, {}), lines, 12, false));
        piece += character;
        rest.remove_prefix(character.size());
      }
      screen.Write(region.Frame(piece, lines, 12, false));
      const std::string gap = text.ends_with('\n') ? "" : "\n";
      ASSERT_EQ(screen.Text(), Printed(text, 12) + gap + "state: busy\nof all") << step;
    }
  }
}

TEST(LiveRegionTest, ANarrowerTerminalHasWrappedTheLines) {
  LiveRegion region;
  region.Frame("0123456789", Lines({"a line of 20 columns"}), 40, false);
  // The line takes three rows of eight columns, the text two, of which the second has two columns.
  EXPECT_TRUE(region.Frame("x", Lines({"now"}), 8, false).starts_with("\x1b[3A\x1b[3Gx"));
}

}  // namespace
}  // namespace mom::cli
