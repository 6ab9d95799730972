// The picture of a run that `mom ask --watch` draws below the answer.
#ifndef MOM_CLIENTS_CLI_WATCH_VIEW_H_
#define MOM_CLIENTS_CLI_WATCH_VIEW_H_

#include <cstddef>
#include <string>
#include <vector>

#include "clients/cli/terminal_text.h"
#include "clients/cli/watch_state.h"

namespace mom::cli {

struct WatchLook {
  std::size_t columns = 80;
  std::size_t rows = 24;  // of the terminal; the picture takes fewer
  bool unicode = true;
};

// At most `rows` - 2 lines, each less than `columns` wide. Pure.
std::vector<StyledLine> DrawWatch(const WatchState& state, WatchState::Time now,
                                  const WatchLook& look);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_WATCH_VIEW_H_
