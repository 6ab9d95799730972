// `mom ask`: one question, one answer.
#ifndef MOM_CLIENTS_CLI_ASK_COMMAND_H_
#define MOM_CLIENTS_CLI_ASK_COMMAND_H_

#include <string>
#include <vector>

namespace mom::cli {

// `args`: what stands behind the command. Gives the exit code.
int RunAsk(const std::vector<std::string>& args);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_ASK_COMMAND_H_
