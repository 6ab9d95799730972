// mom: the command-line client of momd.
#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "clients/cli/ask_command.h"
#include "clients/cli/doctor_command.h"
#include "clients/cli/exit_code.h"
#include "clients/cli/health_command.h"
#include "clients/cli/models_command.h"
#include "clients/cli/trace_command.h"
#include "clients/cli/why_command.h"
#include "service/base/nearest_name.h"

namespace mom::cli {
namespace {

struct Command {
  std::string_view name;
  std::string_view summary;
  // `args`: what stands behind the command. Gives the exit code.
  int (*run)(const std::vector<std::string>& args);
};

constexpr Command kCommands[] = {
    {"ask", "ask a mixture or a model", RunAsk},
    {"models", "list the names that requests can use", RunModels},
    {"health", "ask momd whether it takes requests", RunHealth},
    {"doctor", "try each model with a few small calls", RunDoctor},
    {"why", "tell how momd came to an answer", RunWhy},
    {"trace", "show what momd wrote with --debug-requests", RunTrace},
};

int PrintHelp() {
  std::puts("usage: mom COMMAND ...\nThe command-line client of MoM.\n");
  for (const Command& command : kCommands) {
    std::printf("  %-8s  %s\n", command.name.data(), command.summary.data());
  }
  std::puts(
      "\n`mom COMMAND --help` tells about each; `mom --version` prints the version. momd is\n"
      "found by --address, by `server.listen` of --config, by MOM_ADDRESS, or at\n"
      "127.0.0.1:50051.");
  return kDone;
}

int Main(const std::vector<std::string>& args) {
  if (args.empty()) return PrintHelp(), kUsage;
  const std::string& name = args.front();
  if (name == "--help" || name == "-h") return PrintHelp();
  if (name == "--version") return std::puts("mom " MOM_VERSION), kDone;
  const auto* const command =
      std::find_if(std::begin(kCommands), std::end(kCommands),
                   [&](const Command& command) { return command.name == name; });
  if (command != std::end(kCommands)) return command->run({args.begin() + 1, args.end()});
  if (name.starts_with('-')) {
    return FailUsage("the options come behind the command, as in mom ask " + name +
                     " ...; mom --help lists the commands");
  }
  std::vector<std::string> known;
  for (const Command& one : kCommands) known.emplace_back(one.name);
  return FailUsage("unknown command \"" + name + "\"; " + SuggestName(name, known));
}

}  // namespace
}  // namespace mom::cli

int main(int argc, char** argv) {
  // Debian's Abseil would look for deadlocks at every lock of gRPC's.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return mom::cli::Main(std::vector<std::string>(argv + 1, argv + argc));
}
