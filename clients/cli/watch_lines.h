// What happens in a run, a line for each thing: for where nothing can be drawn.
#ifndef MOM_CLIENTS_CLI_WATCH_LINES_H_
#define MOM_CLIENTS_CLI_WATCH_LINES_H_

#include <string>
#include <vector>

#include "clients/cli/watch_state.h"

namespace mom::cli {

// Takes the event into `state`, and gives the lines that it is worth, each with the time since the
// start of `state`. Pure.
std::vector<std::string> TakeAndTell(const v1::SynthesizeStreamResponse& event,
                                     WatchState::Time now, WatchState& state);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_WATCH_LINES_H_
