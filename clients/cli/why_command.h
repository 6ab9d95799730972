// `mom why`: how momd came to an answer.
#ifndef MOM_CLIENTS_CLI_WHY_COMMAND_H_
#define MOM_CLIENTS_CLI_WHY_COMMAND_H_

#include <string>
#include <vector>

namespace mom::cli {

// `args`: what stands behind the command. Gives the exit code.
int RunWhy(const std::vector<std::string>& args);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_WHY_COMMAND_H_
