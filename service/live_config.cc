#include "service/live_config.h"

#include <chrono>
#include <string>

#include "service/base/log.h"

namespace mom {

StatusOr<Config> LoadFor(const Flags& flags, std::vector<std::string>& files) {
  StatusOr<Config> config = LoadConfig(flags.config, ProcessEnv(), &files);
  if (config.ok() && flags.debug_requests) config->trace.debug_requests = *flags.debug_requests;
  if (config.ok() && flags.log_level) config->server.log_level = *flags.log_level;
  return config;
}

std::shared_ptr<const EngineSnapshot> MakeSnapshot(const Config& config, std::uint64_t generation,
                                                   TargetTable& targets) {
  return std::make_shared<const EngineSnapshot>(
      EngineSnapshot{generation, std::chrono::system_clock::now(), config.models, config.mixtures,
                     ModelRegistry(config.models, targets)});
}

void GoLive(const Config& config, std::uint64_t generation, TargetTable& targets, Engine& engine) {
  SetLogLevel(config.server.log_level);
  engine.SetSnapshot(MakeSnapshot(config, generation, targets));
  LogConfig(config);
}

void LogConfig(const Config& config) {
  for (const std::string& line : config.Summary()) Log(LogLevel::kInfo, "config", {{"use", line}});
  for (const std::string& line : config.Warnings()) {
    Log(LogLevel::kWarning, "config", {{"warning", line}});
  }
}

}  // namespace mom
