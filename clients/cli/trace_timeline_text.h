// A timeline, drawn with the characters of a terminal.
#ifndef MOM_CLIENTS_CLI_TRACE_TIMELINE_TEXT_H_
#define MOM_CLIENTS_CLI_TRACE_TIMELINE_TEXT_H_

#include <vector>

#include "clients/cli/terminal_text.h"
#include "clients/cli/trace_look.h"
#include "service/trace/trace.h"

namespace mom::cli {

// An axis, a row for each attempt and each moment, and a legend.
std::vector<StyledLine> DrawTimeline(const Trace& trace, const TraceLook& look);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_TIMELINE_TEXT_H_
