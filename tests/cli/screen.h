// A terminal, as far as `mom ask --watch` uses one.
#ifndef MOM_TESTS_CLI_SCREEN_H_
#define MOM_TESTS_CLI_SCREEN_H_

#include <cstddef>
#include <deque>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "clients/cli/terminal_text.h"

namespace mom::cli::testing {

// What scrolls off stays readable. Throws at what it does not know.
class Screen {
 public:
  Screen(std::size_t columns, std::size_t rows) : columns_(columns), height_(rows), rows_(1) {}

  void Write(std::string_view bytes) {
    while (!bytes.empty()) {
      if (bytes.starts_with("\x1b[")) {
        const std::size_t end = bytes.find_first_not_of("0123456789;", 2);
        Control(std::string(bytes.substr(2, end - 2)), bytes[end]);
        bytes.remove_prefix(end + 1);
        continue;
      }
      const std::string character(FirstCharacter(bytes));
      bytes.remove_prefix(character.size());
      Put(character);
    }
  }

  // All rows from the first one, without the blanks behind them and without empty rows at the end.
  std::string Text() const {
    std::string out;
    for (const auto& row : rows_) {
      std::string line;
      for (const std::string& cell : row) line += cell;
      line.erase(line.find_last_not_of(' ') + 1);
      out += line + "\n";
    }
    out.erase(out.find_last_not_of('\n') + 1);
    return out;
  }

 private:
  using Row = std::vector<std::string>;  // a cell's character; the second of a wide one is empty

  std::size_t Top() const { return rows_.size() > height_ ? rows_.size() - height_ : 0; }

  void Put(const std::string& character) {
    if (character == "\r") {
      column_ = 0;
      return;
    }
    if (character == "\n") return NextRow();
    if (static_cast<unsigned char>(character[0]) < 0x20) throw std::runtime_error("control");
    const std::size_t width = DisplayWidth(character);
    if (column_ + width > columns_) {  // also where it waits behind the last column
      NextRow();
      column_ = 0;
    }
    Row& row = rows_[row_];
    if (width == 0) {
      row[column_ - 1] += character;
      return;
    }
    row.resize(std::max(row.size(), column_ + width), " ");
    row[column_] = character;
    if (width == 2) row[column_ + 1].clear();
    column_ += width;
  }

  void NextRow() {
    if (++row_ == rows_.size()) rows_.emplace_back();
  }

  void Control(const std::string& argument, char kind) {
    const std::size_t number = argument.empty() ? 1 : std::stoul(argument);
    column_ = std::min(column_, columns_ - 1);  // it waits no longer
    Row& row = rows_[row_];
    if (kind == 'A') {
      if (row_ < Top() + number) throw std::runtime_error("up beyond the top");
      row_ -= number;
    } else if (kind == 'G') {
      column_ = number - 1;
    } else if (kind == 'K' || kind == 'J') {
      row.resize(std::min(row.size(), column_));
      row.resize(column_, " ");
      for (std::size_t i = row_ + 1; kind == 'J' && i < rows_.size(); ++i) rows_[i].clear();
    } else if (kind != 'm') {
      throw std::runtime_error(std::string("unknown control ") + kind);
    }
  }

  std::size_t columns_;
  std::size_t height_;
  std::deque<Row> rows_;
  std::size_t row_ = 0;
  std::size_t column_ = 0;
};

}  // namespace mom::cli::testing

#endif  // MOM_TESTS_CLI_SCREEN_H_
