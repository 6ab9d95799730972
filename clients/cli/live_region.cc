#include "clients/cli/live_region.h"

namespace mom::cli {
namespace {

constexpr char kEraseLine[] = "\x1b[K";  // from the cursor to the line's end
constexpr char kEraseBelow[] = "\x1b[J";
constexpr std::size_t kTabColumns = 8;

std::string Up(std::size_t rows) { return rows == 0 ? "" : "\x1b[" + std::to_string(rows) + "A"; }
// `column` from 0.
std::string ToColumn(std::size_t column) { return "\x1b[" + std::to_string(column + 1) + "G"; }

}  // namespace

std::size_t LiveRegion::Column(std::size_t columns) const {
  return text_columns_ == 0 ? 0 : (text_columns_ - 1) % columns + 1;
}

std::string LiveRegion::ToTextEnd(std::size_t columns) const {
  const std::size_t column = Column(columns);
  std::size_t rows = 0;
  // A terminal that has become narrower has wrapped the lines.
  for (const std::size_t width : widths_) rows += width <= columns ? 1 : (width - 1) / columns + 1;
  if (rows > 0 && column == 0) --rows;  // the first line took the row of the text's end
  if (column < columns) return Up(rows) + ToColumn(column);
  // Only a character brings the cursor behind the last column.
  return Up(rows) + ToColumn(column - DisplayWidth(last_character_)) + last_character_;
}

std::string LiveRegion::Append(std::string_view text, std::size_t columns) {
  std::string out;
  while (!text.empty()) {
    const std::string character(FirstCharacter(text));
    text.remove_prefix(character.size());
    const std::size_t column = Column(columns);
    if (character == "\n") {
      out += (column < columns ? kEraseLine : "") + std::string("\r\n");
      text_columns_ = 0;
      continue;
    }
    if (character == "\t") {
      // The cells that a tab skips would keep what was drawn there.
      out += Append(std::string(kTabColumns - text_columns_ % kTabColumns, ' '), columns);
      continue;
    }
    const std::size_t width = DisplayWidth(character);
    if (column < columns && column + width > columns) {
      out += kEraseLine;
      text_columns_ += columns - column;
    }
    out += character;
    text_columns_ += width;
    if (width > 0) last_character_ = character;
  }
  return out;
}

std::string LiveRegion::Frame(std::string_view text, const std::vector<StyledLine>& lines,
                              std::size_t columns, bool colour) {
  std::string out = ToTextEnd(columns);
  out += Append(text, columns);
  const std::size_t column = Column(columns);
  if (column > 0) out += (column < columns ? kEraseLine : "") + std::string("\r\n");
  widths_.clear();
  for (const StyledLine& line : lines) {
    if (!widths_.empty()) out += "\r\n";
    out += line.Render(colour) + kEraseLine;
    widths_.push_back(line.width());
  }
  return out + kEraseBelow;
}

}  // namespace mom::cli
