// The part `server` of the config.
#ifndef MOM_RPC_SERVER_CONFIG_H_
#define MOM_RPC_SERVER_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "service/base/yaml_reader.h"
#include "service/net/curl_http_client.h"
#include "service/rpc/admission.h"

namespace mom {

struct ServerConfig {
  // "HOST:PORT" or "unix:PATH"; a relative PATH is relative to the config file. Only loopback hosts
  // are accepted until TLS and keys can be configured.
  std::vector<std::string> listen{"127.0.0.1:50051"};
  int threads = 1;  // event loops
  std::int64_t max_request_bytes = 32 * 1024 * 1024;
  AdmissionLimits admission;
  std::chrono::milliseconds heartbeat{10'000};
  std::chrono::milliseconds slow_reader_timeout{30'000};
  std::chrono::milliseconds drain_timeout{30'000};
  int run_history = 10'000;  // runs that GetRun remembers
  std::string log_level = "info";
  HttpClientOptions upstream;
  bool operator==(const ServerConfig&) const = default;
};

// Reads `server` below `root`.
ServerConfig ReadServerConfig(YamlReader& root, const std::string& config_directory);

}  // namespace mom

#endif  // MOM_RPC_SERVER_CONFIG_H_
