// The part `rest` of the config.
#ifndef MOM_REST_SHIM_REST_CONFIG_H_
#define MOM_REST_SHIM_REST_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "service/base/config_reloader.h"
#include "service/base/yaml_reader.h"

namespace mom::rest {

struct RestConfig {
  std::string listen =
      "127.0.0.1:8000";  // "HOST:PORT"; loopback only until TLS and keys can be configured
  std::string service = "127.0.0.1:50051";  // momd: "HOST:PORT" or "unix:PATH"
  std::int64_t max_body_bytes = 32 * 1024 * 1024;
  int max_connections = 10'000;
  std::int64_t max_memory = std::int64_t{1} << 30;  // bodies of the requests under way, in bytes
  std::chrono::milliseconds keep_alive{10'000};     // between comments of a silent stream
  std::chrono::milliseconds commit_after{10'000};   // a stream's 200 goes out at the latest then
  std::chrono::milliseconds timeout{600'000};       // deadline of the RPC
  std::chrono::milliseconds drain_timeout{30'000};
  std::string usage = "answer";  // "answer" or "sum"
  std::string progress = "off";  // of streams: "off" or "reasoning"
  std::string log_level = "info";
  std::vector<std::string> cors_origins;  // browsers that may call; empty: none
  bool operator==(const RestConfig&) const = default;
};

// What mom-rest uses only at its start.
const std::vector<RestartKey<RestConfig>>& RestRestartKeys();

// Reads `rest` below `root`.
RestConfig ReadRestConfig(YamlReader& root, const std::string& config_directory);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_REST_CONFIG_H_
