// Where the commands find momd.
#ifndef MOM_CLIENTS_CLI_SERVICE_ADDRESS_H_
#define MOM_CLIENTS_CLI_SERVICE_ADDRESS_H_

#include <string>

#include "clients/cli/command_line.h"
#include "service/base/environment.h"
#include "service/base/status.h"

namespace mom::cli {

// The options that say so; empty ones were not given.
struct AddressOptions {
  std::string address;
  std::string config;

  void AddTo(CommandLine& command_line);
};

// The first of: --address; the first of `server.listen` in --config; MOM_ADDRESS; 127.0.0.1:50051.
// "HOST:PORT" or "unix:PATH", of this machine. kInvalidArgument says which of them is wrong.
StatusOr<std::string> FindAddress(const AddressOptions& options, const EnvLookup& env);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_SERVICE_ADDRESS_H_
