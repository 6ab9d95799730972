// What the program's output goes to.
#ifndef MOM_CLIENTS_CLI_TERMINAL_H_
#define MOM_CLIENTS_CLI_TERMINAL_H_

#include <cstddef>
#include <string_view>

#include "service/base/environment.h"
#include "service/base/status.h"

namespace mom::cli {

struct Terminal {
  bool is_there = false;    // a person reads it, and control characters have a meaning
  bool can_draw = false;    // it can move the cursor: not a "dumb" one
  bool has_colour = false;  // can draw, and NO_COLOR is not set
  bool has_unicode = false;
};

struct TerminalSize {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

// Standard output, by what TERM, NO_COLOR and the locale's variables say.
Terminal OutputTerminal(const EnvLookup& env);
// What such variables say of a terminal.
Terminal DescribeTerminal(const EnvLookup& env);
// As it is now, at least 20 by 5; the default where it is not known.
TerminalSize OutputSize();

// Keeps what is typed, and the ^C of Ctrl-C, from being shown in the midst of what is drawn, and
// Ctrl-C from dropping a part of that, until ShowTyping(). Without effect where standard input is
// no terminal of ours. Thread-safe.
void HideTyping();
void ShowTyping();

// Writes to standard output at once; kFailedPrecondition with the system's reason.
Status WriteOutput(std::string_view text);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TERMINAL_H_
