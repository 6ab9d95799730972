// How traces are drawn on a terminal.
#ifndef MOM_CLIENTS_CLI_TRACE_LOOK_H_
#define MOM_CLIENTS_CLI_TRACE_LOOK_H_

#include <cstddef>
#include <string>

namespace mom::cli {

struct TraceLook {
  std::size_t columns = 100;  // at least 60
  bool colour = false;
  bool unicode = true;
  bool full = false;  // all of every text; else its first lines
};

// Each takes one column.
struct TraceSymbols {
  std::string waiting, first_token, writing, failed, cancelled, moment;
  std::string rule, axis_begin, axis_tick, axis_end;
  std::string ellipsis;
};
const TraceSymbols& SymbolsOf(const TraceLook& look);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_LOOK_H_
