// A trace on a terminal.
#ifndef MOM_CLIENTS_CLI_TRACE_TEXT_H_
#define MOM_CLIENTS_CLI_TRACE_TEXT_H_

#include <string>

#include "clients/cli/trace_look.h"
#include "service/trace/trace.h"

namespace mom::cli {

// The whole story: sums, timeline, conversation, candidates, the critic, the answer.
std::string FormatTrace(const Trace& trace, const TraceLook& look);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_TEXT_H_
