#include "clients/cli/text_lines.h"

#include <algorithm>
#include <utility>

#include "clients/cli/terminal_text.h"

namespace mom::cli {
namespace {

// Cuts one line into pieces of at most `columns`.
void WrapLine(std::string_view line, std::size_t columns, std::vector<std::string>& out) {
  std::string piece;
  std::size_t width = 0;
  std::size_t after_blank = 0;  // in `piece`: where the next one may begin; 0: nowhere
  while (!line.empty()) {
    const std::string_view character = FirstCharacter(line);
    line.remove_prefix(character.size());
    const std::size_t added = DisplayWidth(character);
    const bool is_blank = character == " ";
    if (width + added > columns && !piece.empty()) {
      const std::size_t end = is_blank || after_blank == 0 ? piece.size() : after_blank;
      std::string rest = piece.substr(end);
      piece.resize(end);
      piece.erase(piece.find_last_not_of(' ') + 1);
      out.push_back(std::exchange(piece, std::move(rest)));
      width = DisplayWidth(piece);
      after_blank = 0;
      if (is_blank && piece.empty()) continue;
    }
    piece += character;
    width += added;
    // To cut behind the blanks of an indentation would gain nothing.
    if (is_blank && piece.find_first_not_of(' ') != std::string::npos) after_blank = piece.size();
  }
  out.push_back(std::move(piece));
}

}  // namespace

std::string OneLine(std::string_view text) {
  std::string line = WithoutControls(text);
  std::replace(line.begin(), line.end(), '\n', ' ');
  std::replace(line.begin(), line.end(), '\t', ' ');
  return line;
}

std::vector<std::string> WrapLines(std::string_view text, std::size_t columns) {
  constexpr std::string_view kTab = "    ";
  std::string clean;
  for (char c : WithoutControls(text)) c == '\t' ? clean.append(kTab) : clean.append(1, c);
  std::vector<std::string> lines;
  std::string_view rest = clean;
  while (true) {
    const std::size_t end = rest.find('\n');
    WrapLine(rest.substr(0, end), columns, lines);
    if (end == std::string_view::npos) return lines;
    rest.remove_prefix(end + 1);
  }
}

}  // namespace mom::cli
