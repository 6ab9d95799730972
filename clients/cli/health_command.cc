#include "clients/cli/health_command.h"

#include <cstdio>

#include "clients/cli/command_line.h"
#include "clients/cli/connection.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/service_address.h"

namespace mom::cli {

int RunHealth(const std::vector<std::string>& args) {
  CommandLine command_line(
      "health", "",
      "Asks momd whether it takes requests: exit code 0 where it does, 1 where "
      "it is\nshutting down, 3 where nobody answers.");
  AddressOptions options;
  options.AddTo(command_line);
  if (const auto exit_code = command_line.Read(args)) return *exit_code;
  const StatusOr<std::string> address = FindAddress(options, ProcessEnv());
  if (!address.ok()) return FailUsage(MessageOf(address.status()));

  using grpc::health::v1::HealthCheckResponse;
  Connection connection(*address);
  grpc::ClientContext context;
  Connection::LimitTime(context);
  HealthCheckResponse response;
  const Status status = connection.ToStatus(connection.health().Check(&context, {}, &response));
  if (!status.ok()) return Fail(status);
  const bool serving = response.status() == HealthCheckResponse::SERVING;
  std::printf("%s: %s\n", address->c_str(), serving ? "serving" : "shutting down");
  return serving ? kDone : kFailed;
}

}  // namespace mom::cli
