// The options of mom-rest.
#ifndef MOM_REST_SHIM_COMMAND_LINE_H_
#define MOM_REST_SHIM_COMMAND_LINE_H_

#include <optional>
#include <string>

namespace mom::rest {

struct CommandLine {
  std::string config = "config.yaml";
  std::optional<std::string> listen;  // in place of `rest.listen`
  bool check_config = false;
};

// Reads the arguments into `out`. Gives the exit code where the program ends with that: after
// --help and --version, or at a mistake, about which it tells on stderr.
std::optional<int> ParseCommandLine(int argc, const char* const* argv, CommandLine& out);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_COMMAND_LINE_H_
