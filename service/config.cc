#include "service/config.h"

#include <algorithm>

#include "service/base/address.h"
#include "service/base/nearest_name.h"

namespace mom {
namespace {

TraceConfig ReadTraceConfig(YamlReader& root, const std::string& config_directory) {
  TraceConfig out;
  YamlReader reader = root.Child("trace");
  reader.Read("debug_requests", out.debug_requests);
  out.debug_requests = ResolvePath(config_directory, out.debug_requests);
  reader.Read("max_requests", out.max_requests, 1, 1'000'000);
  reader.Read("max_age", out.max_age, std::chrono::hours(1), std::chrono::hours(24 * 3650));
  reader.Done();
  return out;
}

std::string SummaryOf(const MixtureConfig& mixture) {
  std::string text =
      "mixture " + mixture.name + ": " + mixture.strategy + " of " + JoinNames(mixture.members);
  if (!mixture.critic.empty()) text += "; critic " + mixture.critic;
  if (!mixture.critic_fallbacks.empty()) {
    text += ", then " + JoinNames(mixture.critic_fallbacks);
  }
  return text;
}

std::string SummaryOf(const ProviderConfig& provider, const std::vector<ModelConfig>& models) {
  if (!provider.off_because.empty()) {
    return "provider " + provider.name + ": off, as " + provider.off_because + " is not set";
  }
  std::vector<std::string> names;
  for (const ModelConfig& model : models) {
    if (model.provider != provider.name) continue;
    names.push_back(model.id == model.name ? model.name : model.name + " (" + model.id + ")");
  }
  return "provider " + provider.name + ": " + (names.empty() ? "no models" : JoinNames(names));
}

StatusOr<Config> Validated(StatusOr<std::shared_ptr<YamlDocument>> document,
                           const std::string& path) {
  if (!document.ok()) return document.status();
  Config config = ReadConfig(**document);
  if (const Status status = (*document)->status(); !status.ok()) return status;
  config.path = path;
  return config;
}

}  // namespace

std::vector<std::string> Config::Summary() const {
  std::vector<std::string> lines;
  for (const MixtureConfig& mixture : mixtures.mixtures) lines.push_back(SummaryOf(mixture));
  for (const ProviderConfig& provider : models.providers) {
    lines.push_back(SummaryOf(provider, models.models));
  }
  lines.insert(lines.end(), mixtures.notices.begin(), mixtures.notices.end());
  lines.insert(lines.end(), models.notices.begin(), models.notices.end());
  return lines;
}

Config ReadConfig(YamlDocument& document) {
  YamlReader root = document.Root();
  Config out;
  out.server = ReadServerConfig(root, document.directory());
  out.rest = rest::ReadRestConfig(root, document.directory());
  out.models = ReadModelsConfig(root, document.directory());
  out.mixtures = ReadMixturesConfig(root, out.models);
  out.trace = ReadTraceConfig(root, document.directory());
  root.Done();
  return out;
}

StatusOr<Config> LoadConfig(const std::string& path, const EnvLookup& env) {
  return Validated(YamlDocument::Load(path, env), path);
}

StatusOr<Config> ParseConfig(const std::string& text, const std::string& display_name,
                             const EnvLookup& env) {
  return Validated(YamlDocument::Parse(text, display_name, env), display_name);
}

RecorderOptions RecorderOptionsOf(const TraceConfig& trace) {
  RecorderOptions options;
  options.directory = trace.debug_requests;
  options.max_requests = trace.max_requests;
  options.max_age = std::chrono::duration_cast<std::chrono::hours>(trace.max_age);
  return options;
}

}  // namespace mom
