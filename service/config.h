// The whole config: each library's own part, composed.
#ifndef MOM_CONFIG_H_
#define MOM_CONFIG_H_

#include <memory>
#include <string>
#include <vector>

#include "rest_shim/rest_config.h"
#include "service/base/config_reloader.h"
#include "service/base/yaml_reader.h"
#include "service/engine/engine.h"
#include "service/rpc/server_config.h"
#include "service/trace/recorder.h"

namespace mom {

struct Config {
  std::string path;
  ServerConfig server;
  rest::RestConfig rest;
  ModelsConfig models;
  MixturesConfig mixtures;
  TraceConfig trace;
  // One line each, for people: the file, and which mixtures, providers and models are in use, with
  // or without a key, or are off and why.
  std::vector<std::string> Summary() const;
  // One line each: what is valid but odd, and what to write instead.
  std::vector<std::string> Warnings() const;
  // Both, for --check-config.
  std::string Report() const;
  // The effective config as YAML, with every default; keys, the values of headers, and what has a
  // secret's name in `extra`, are masked. It can be read again.
  std::string Print() const;
  bool operator==(const Config&) const = default;
};

// What momd uses only at its start; mom-rest has its own list.
const std::vector<RestartKey<Config>>& ConfigRestartKeys();

// Reads all parts; mistakes go to the document.
Config ReadConfig(YamlDocument& document);

// Reads and validates a file. The message of an error has one line for each mistake:
// "config.yaml:LINE path.to.key: what is wrong; what to write". `files`, where not null, gets those
// that it was read from, or would have been were they there.
StatusOr<Config> LoadConfig(const std::string& path, const EnvLookup& env,
                            std::vector<std::string>* files = nullptr);
StatusOr<Config> ParseConfig(const std::string& text, const std::string& display_name,
                             const EnvLookup& env);

}  // namespace mom

#endif  // MOM_CONFIG_H_
