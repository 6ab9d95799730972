// The parts `providers` and `models` of the config.
#ifndef MOM_MODEL_MODEL_CONFIG_H_
#define MOM_MODEL_MODEL_CONFIG_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "service/base/secret.h"
#include "service/base/yaml_reader.h"

namespace mom {

// An LLM HTTP API. docs/config.md has the keys' meanings for users.
struct ProviderConfig {
  std::string name;
  std::string base_url;  // with its path ("/v1"), without a trailing slash
  std::string dialect = "openai";
  Secret api_key;
  std::string api_key_file;  // where the key is from; empty: not from a file
  std::vector<std::pair<std::string, std::string>> headers;
  std::string ca_file;               // trusted in place of the system's; empty: the system's
  std::string http_version = "1.1";  // or "2"
  // Which key carries the limit of tokens: "max_tokens" or "max_completion_tokens".
  std::string max_tokens_field = "max_tokens";
  // "short": it takes ids of tool calls of nine letters or digits only; else "any".
  std::string tool_call_ids = "any";
  // Name of the unset variable that switches this provider off; empty: it is on.
  std::string off_because;
  bool operator==(const ProviderConfig&) const = default;
};

// USD per million tokens.
struct Price {
  double input = 0;
  std::optional<double> cached_input;  // unset: as input
  double output = 0;
  bool operator==(const Price&) const = default;
};

struct TimeoutConfig {
  std::chrono::milliseconds connect{5'000};
  std::chrono::milliseconds first_token{60'000};
  std::chrono::milliseconds idle{45'000};
  std::chrono::milliseconds total{300'000};
  bool operator==(const TimeoutConfig&) const = default;
};

struct RetryConfig {
  int attempts = 3;  // the first one included
  std::chrono::milliseconds base{250};
  std::chrono::milliseconds cap{8'000};
  // See retry_budget.h.
  double budget = 0.2;
  int floor = 10;
  bool operator==(const RetryConfig&) const = default;
};

// See breaker.h.
struct BreakerConfig {
  int failures = 5;  // in a row; 0: never opens
  std::chrono::milliseconds open{1'000};
  std::chrono::milliseconds open_max{30'000};
  bool operator==(const BreakerConfig&) const = default;
};

struct ModelConfig {
  std::string name;
  std::string provider;
  std::string id;  // at the provider; default: the name
  // Sent where the request leaves them unset.
  std::optional<double> temperature;
  std::optional<double> top_p;
  // Sent where the request sets none; bounds what the request sets.
  std::optional<std::int64_t> max_tokens;
  // Put before the conversation as a system message where the request has none; empty: nothing is.
  std::string system;
  // Further keys of the body: name to JSON value. A request's own value wins.
  std::vector<std::pair<std::string, std::string>> extra_body;
  // Most tokens of question and answer; 0: not known.
  std::int64_t context_window = 0;
  bool tools = true;   // whether it can take tools
  bool images = true;  // whether it can take images
  // What holds where the request asks for at most `asked`.
  std::optional<std::int64_t> MaxTokens(std::optional<std::int64_t> asked) const;
  std::optional<Price> price;
  TimeoutConfig timeouts;
  RetryConfig retry;
  BreakerConfig breaker;
  int max_concurrent = 0;  // calls under way at once; 0: no limit
  bool operator==(const ModelConfig&) const = default;
};

struct ModelsConfig {
  std::vector<ProviderConfig> providers;  // in the file's order; those switched off included
  std::vector<ModelConfig> models;        // in the file's order; those of providers off included
  std::vector<std::string> notices;       // what the start should say: odd, but no mistake

  const ProviderConfig* FindProvider(const std::string& name) const;
  const ModelConfig* FindModel(const std::string& name) const;
  // Whether the model is there and its provider is on.
  bool IsUsable(const std::string& model) const;
  bool operator==(const ModelsConfig&) const = default;
};

// What is wrong with a name for a model or a mixture, and what to write; empty: nothing. Names have
// 1 to 128 of A-Z a-z 0-9 . _ : / and -.
std::string CheckModelName(const std::string& name);

// Reads `providers` and `models` below `root`, and the files that hold keys. Mistakes go to the
// document.
ModelsConfig ReadModelsConfig(YamlReader& root, const std::string& config_directory);

}  // namespace mom

#endif  // MOM_MODEL_MODEL_CONFIG_H_
