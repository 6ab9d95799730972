#include "service/base/config_reloader.h"

#include "service/base/log.h"
#include "service/base/nearest_name.h"

namespace mom {
namespace {

LogField Generation(std::uint64_t generation) {
  return {"config_generation", static_cast<std::int64_t>(generation)};
}

}  // namespace

void LogInvalidConfig(const Status& mistakes, std::uint64_t generation) {
  const std::string text = MessageOf(mistakes);
  Log(LogLevel::kError, "config_invalid",
      {{"mistakes", text}, {"kept", true}, Generation(generation)});
}

void LogUnchangedConfig(std::uint64_t generation) {
  Log(LogLevel::kInfo, "config_unchanged", {Generation(generation)});
}

void LogLiveConfig(std::uint64_t generation, const std::vector<std::string>& restart_keys) {
  Log(LogLevel::kInfo, "config_live", {Generation(generation)});
  if (restart_keys.empty()) return;
  const std::string keys = JoinNames(restart_keys);
  Log(LogLevel::kWarning, "config_needs_restart", {{"keys", keys}, Generation(generation)});
}

}  // namespace mom
