// Small configs for tests.
#ifndef MOM_TESTS_CONFIG_CONFIG_TESTING_H_
#define MOM_TESTS_CONFIG_CONFIG_TESTING_H_

#include <gtest/gtest.h>

#include <string>

#include "service/config.h"
#include "tests/testing/env_of.h"

namespace mom::testing {

// Two models at one provider, one of them at a second one that the variable KEY_B switches on, and
// a mixture of all. Its lines are fixed, as tests name them.
inline constexpr char kSmallConfig[] =
    "providers:\n"                                  // 1
    "  pa: {base_url: \"https://a.example/v1\"}\n"  // 2
    "  pb:\n"                                       // 3
    "    base_url: https://b.example/v1\n"          // 4
    "    api_key: ${KEY_B}\n"                       // 5
    "models:\n"                                     // 6
    "  alpha: {provider: pa}\n"                     // 7
    "  beta: {provider: pb}\n"                      // 8
    "  gamma: {provider: pa}\n"                     // 9
    "mixtures:\n"                                   // 10
    "  mom:\n"                                      // 11
    "    members: [alpha, beta, gamma]\n"           // 12
    "    critic: beta\n";                           // 13

// The small config with the first `from` replaced, which must be there.
inline std::string With(const std::string& from, const std::string& to) {
  std::string text = kSmallConfig;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The mixture `mom`, which must be there.
inline const MixtureConfig& Mom(const Config& config) { return *config.mixtures.Find("mom"); }

inline Config Parsed(const std::string& text, const Variables& variables = {}) {
  StatusOr<Config> config = ParseConfig(text, "config.yaml", EnvOf(variables));
  EXPECT_TRUE(config.ok()) << config.status();
  return config.ok() ? *std::move(config) : Config();
}

inline std::string Mistakes(const std::string& text, const Variables& variables = {}) {
  return MessageOf(ParseConfig(text, "config.yaml", EnvOf(variables)).status());
}

}  // namespace mom::testing

#endif  // MOM_TESTS_CONFIG_CONFIG_TESTING_H_
