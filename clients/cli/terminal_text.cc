#include "clients/cli/terminal_text.h"

#include <wchar.h>

#include <algorithm>
#include <clocale>
#include <cstdint>

namespace mom::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD

std::size_t LengthOf(unsigned char lead) {
  if (lead < 0xC0) return 1;
  if (lead < 0xE0) return 2;
  return lead < 0xF0 ? 3 : 4;
}

char32_t Decode(std::string_view character) {
  if (character.size() == 1) return static_cast<unsigned char>(character[0]);
  char32_t code = static_cast<unsigned char>(character[0]) & (0x7F >> character.size());
  for (const char c : character.substr(1))
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3F);
  return code;
}

bool IsControl(char32_t code) {
  const bool turns_direction =
      (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return code < 0x20 || (code >= 0x7F && code < 0xA0) || turns_direction;
}

std::size_t ColumnsOf(char32_t code) {
  // The C library's tables depend on the locale; these are the ones of UTF-8.
  static const bool has_tables = std::setlocale(LC_CTYPE, "C.UTF-8") != nullptr;
  const int columns = has_tables ? ::wcwidth(static_cast<wchar_t>(code)) : 1;
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

const char* CodeOf(Style style) {
  switch (style) {
    case Style::kPlain:
      return "";
    case Style::kBold:
      return "\x1b[1m";
    case Style::kDim:
      return "\x1b[2m";
    case Style::kGood:
      return "\x1b[32m";
    case Style::kBad:
      return "\x1b[31m";
    case Style::kWarning:
      return "\x1b[33m";
    case Style::kBusy:
      return "\x1b[36m";
  }
  return "";
}

std::string Blanks(std::size_t width, std::size_t taken) {
  return std::string(width > taken ? width - taken : 0, ' ');
}

}  // namespace

std::string_view FirstCharacter(std::string_view text) {
  return text.substr(0, LengthOf(static_cast<unsigned char>(text.front())));
}

std::size_t DisplayWidth(std::string_view text) {
  std::size_t width = 0;
  while (!text.empty()) {
    const std::string_view character = FirstCharacter(text);
    width += ColumnsOf(Decode(character));
    text.remove_prefix(character.size());
  }
  return width;
}

std::string WithoutControls(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::string_view character = FirstCharacter(text);
    const char32_t code = Decode(character);
    out += IsControl(code) && code != '\n' && code != '\t' ? kReplacement : character;
    text.remove_prefix(character.size());
  }
  return out;
}

StyledLine& StyledLine::Add(std::string_view text, Style style) {
  if (text.empty()) return *this;
  pieces_.push_back({std::string(text), style});
  width_ += DisplayWidth(text);
  return *this;
}

StyledLine& StyledLine::AddLeft(std::string_view text, std::size_t width, Style style) {
  return Add(text, style).Add(Blanks(width, DisplayWidth(text)));
}

StyledLine& StyledLine::AddRight(std::string_view text, std::size_t width, Style style) {
  return Add(Blanks(width, DisplayWidth(text))).Add(text, style);
}

StyledLine StyledLine::CutTo(std::size_t width, std::string_view ellipsis) const {
  if (width_ <= width) return *this;
  StyledLine out;
  const std::size_t room = width - std::min(width, DisplayWidth(ellipsis));
  for (const Piece& piece : pieces_) {
    std::string_view rest = piece.text;
    std::string kept;
    while (!rest.empty()) {
      const std::string_view character = FirstCharacter(rest);
      if (out.width_ + DisplayWidth(kept) + DisplayWidth(character) > room) break;
      kept += character;
      rest.remove_prefix(character.size());
    }
    out.Add(kept, piece.style);
    if (!rest.empty()) return width == 0 ? out : out.Add(ellipsis, piece.style);
  }
  return out;
}

std::string StyledLine::Render(bool colour) const {
  std::string out;
  for (const Piece& piece : pieces_) {
    const bool marked = colour && piece.style != Style::kPlain;
    out += marked ? CodeOf(piece.style) + piece.text + "\x1b[m" : piece.text;
  }
  return out;
}

}  // namespace mom::cli
