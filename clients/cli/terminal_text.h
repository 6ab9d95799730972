// Text as a terminal takes it.
#ifndef MOM_CLIENTS_CLI_TERMINAL_TEXT_H_
#define MOM_CLIENTS_CLI_TERMINAL_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mom::cli {

// All texts here are valid UTF-8, as protobuf sees to it. Thread: one.

// The first character of a text that is not empty.
std::string_view FirstCharacter(std::string_view text);
// Columns that a text takes: wide characters (CJK, emoji) two, combining ones none.
std::size_t DisplayWidth(std::string_view text);
// Models write the text, and it must not steer the terminal: each control character but line end
// and tab, and each that turns the direction of writing, becomes U+FFFD.
std::string WithoutControls(std::string_view text);

enum class Style { kPlain, kBold, kDim, kGood, kBad, kWarning, kBusy };

// A line of pieces, each of one style, without line ends and tabs.
class StyledLine {
 public:
  StyledLine& Add(std::string_view text, Style style = Style::kPlain);
  // The same with blanks up to `width` columns, before it (`AddRight`) or behind it.
  StyledLine& AddLeft(std::string_view text, std::size_t width, Style style = Style::kPlain);
  StyledLine& AddRight(std::string_view text, std::size_t width, Style style = Style::kPlain);

  std::size_t width() const { return width_; }
  // At most `width` columns, the last of which is `ellipsis` where something is cut off.
  StyledLine CutTo(std::size_t width, std::string_view ellipsis) const;
  // The bytes, with colours where `colour`.
  std::string Render(bool colour) const;

 private:
  struct Piece {
    std::string text;
    Style style;
  };
  std::vector<Piece> pieces_;
  std::size_t width_ = 0;
};

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TERMINAL_TEXT_H_
