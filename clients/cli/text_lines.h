// Texts of several lines, as a terminal takes them.
#ifndef MOM_CLIENTS_CLI_TEXT_LINES_H_
#define MOM_CLIENTS_CLI_TEXT_LINES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace mom::cli {

// A text for one line: WithoutControls(), and line ends and tabs become blanks.
std::string OneLine(std::string_view text);

// The lines of a text, each without controls, those longer than `columns` (at least 1) cut at
// blanks where there are some. Tabs become four blanks.
std::vector<std::string> WrapLines(std::string_view text, std::size_t columns);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TEXT_LINES_H_
