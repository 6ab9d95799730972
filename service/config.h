// The whole config: each library's own part, composed.
#ifndef MOM_CONFIG_H_
#define MOM_CONFIG_H_

#include <memory>
#include <string>
#include <vector>

#include "rest_shim/rest_config.h"
#include "service/base/yaml_reader.h"
#include "service/engine/engine.h"
#include "service/rpc/server_config.h"
#include "service/trace/recorder.h"

namespace mom {

// Part `trace`.
struct TraceConfig {
  std::string debug_requests;  // a folder; empty: off
  int max_requests = 1000;
  std::chrono::milliseconds max_age{7 * 24 * 3600 * 1000LL};
};

struct Config {
  std::string path;
  ServerConfig server;
  rest::RestConfig rest;
  ModelsConfig models;
  MixturesConfig mixtures;
  TraceConfig trace;
  // One line each, for people: which mixtures and models are in use, which are off and why.
  std::vector<std::string> Summary() const;
  // The effective config as YAML, with every default; keys and the values of headers, which may be
  // secrets, are masked. It can be read again.
  std::string Print() const;
};

// Reads all parts; mistakes go to the document.
Config ReadConfig(YamlDocument& document);

// Reads and validates a file. The message of an error has one line for each mistake:
// "config.yaml:LINE path.to.key: what is wrong; what to write".
StatusOr<Config> LoadConfig(const std::string& path, const EnvLookup& env);
StatusOr<Config> ParseConfig(const std::string& text, const std::string& display_name,
                             const EnvLookup& env);

// The recorder's own view of the part `trace`.
RecorderOptions RecorderOptionsOf(const TraceConfig& trace);

}  // namespace mom

#endif  // MOM_CONFIG_H_
