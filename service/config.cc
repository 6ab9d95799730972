#include "service/config.h"

#include "service/base/address.h"

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

StatusOr<Config> Validated(StatusOr<std::shared_ptr<YamlDocument>> document,
                           const std::string& path, std::vector<std::string>& files) {
  files.push_back(path);
  if (!document.ok()) return document.status();
  Config config = ReadConfig(**document);
  for (const ProviderConfig& provider : config.models.providers) {
    if (!provider.api_key_file.empty()) files.push_back(provider.api_key_file);
  }
  if (const Status status = (*document)->status(); !status.ok()) return status;
  config.path = path;
  return config;
}

}  // namespace

const std::vector<RestartKey<Config>>& ConfigRestartKeys() {
  using Server = ServerConfig;
  using Upstream = HttpClientOptions;
  static const std::vector<RestartKey<Config>> kKeys = {
      {"server.listen", MemberDiffers<Config, &Config::server, &Server::listen>},
      {"server.threads", MemberDiffers<Config, &Config::server, &Server::threads>},
      {"server.max_request_size",
       MemberDiffers<Config, &Config::server, &Server::max_request_bytes>},
      {"server.heartbeat", MemberDiffers<Config, &Config::server, &Server::heartbeat>},
      {"server.slow_reader_timeout",
       MemberDiffers<Config, &Config::server, &Server::slow_reader_timeout>},
      {"server.run_history", MemberDiffers<Config, &Config::server, &Server::run_history>},
      {"server.upstream.max_idle_connections",
       MemberDiffers<Config, &Config::server, &Server::upstream, &Upstream::max_idle_connections>},
      {"server.upstream.max_response_size",
       MemberDiffers<Config, &Config::server, &Server::upstream, &Upstream::max_response_bytes>},
      {"trace.debug_requests", MemberDiffers<Config, &Config::trace, &TraceConfig::debug_requests>},
      {"trace.max_requests", MemberDiffers<Config, &Config::trace, &TraceConfig::max_requests>},
      {"trace.max_age", MemberDiffers<Config, &Config::trace, &TraceConfig::max_age>}};
  return kKeys;
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

StatusOr<Config> LoadConfig(const std::string& path, const EnvLookup& env,
                            std::vector<std::string>* files) {
  std::vector<std::string> ignored;
  return Validated(YamlDocument::Load(path, env), path, files == nullptr ? ignored : *files);
}

StatusOr<Config> ParseConfig(const std::string& text, const std::string& display_name,
                             const EnvLookup& env) {
  std::vector<std::string> ignored;
  return Validated(YamlDocument::Parse(text, display_name, env), display_name, ignored);
}

}  // namespace mom
