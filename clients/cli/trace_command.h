// `mom trace`: what a folder of momd's --debug-requests holds.
#ifndef MOM_CLIENTS_CLI_TRACE_COMMAND_H_
#define MOM_CLIENTS_CLI_TRACE_COMMAND_H_

#include <string>
#include <vector>

namespace mom::cli {

// `args`: what stands behind the command. Gives the exit code.
int RunTrace(const std::vector<std::string>& args);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_TRACE_COMMAND_H_
