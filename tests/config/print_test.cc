// Print(): the effective config, without secrets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/config/config_testing.h"

namespace mom {
namespace {

using ::testing::HasSubstr;
using testing::kSmallConfig;
using ::testing::Not;
using testing::Parsed;
using testing::Variables;
using testing::With;

constexpr char kFull[] =
    "server: {listen: [\"127.0.0.1:1\", \"unix:/tmp/x.sock\"], threads: 2, max_request_size: "
    "2000,\n"
    "  max_requests: 9, max_memory: 2GiB, max_queue: 0, max_wait: 90ms,\n"
    "  heartbeat: 1500ms, slow_reader_timeout: 8s, drain_timeout: 0s, run_history: 8,\n"
    "  log_level: debug,\n"
    "  upstream: {max_idle_connections: 7, max_response_size: 3MiB}}\n"
    "rest: {listen: \"[::1]:2\", service: \"unix:/tmp/x.sock\", max_body_size: 5KiB, keep_alive: "
    "2s,\n"
    "  max_connections: 11, max_memory: 7MiB,\n"
    "  commit_after: 3s, timeout: 4m, drain_timeout: 5h, usage: sum, log_level: error,\n"
    "  cors_origins: [\"http://localhost:3000\"]}\n"
    "providers:\n"
    "  on: {base_url: \"https://a.example/v1\", api_key: \"${KEY}\", http_version: 2, "
    "max_tokens_field: "
    "max_tokens, tool_call_ids: short,\n"
    "    headers: {X-Token: \"${TOKEN}\", X-Title: sk-literal}}\n"
    "  off: {base_url: \"https://b.example/v1\", api_key: \"${OTHER}\"}\n"
    "  open: {base_url: \"http://localhost:1/v1\"}\n"
    "models:\n"
    "  vendor/a.b:c: {provider: on, id: \"x: #1\", temperature: 0.1, top_p: 1, max_tokens: 5,\n"
    "    system: \"$${A}\\nline \\\"two\\\"\", extra: {seed: 1, o: {a: [\"$$x\", null]}},\n"
    "    context_window: 10, tools: false, images: false,\n"
    "    price: {input: 0.25, cached_input: 0, output: 1e-7},\n"
    "    timeouts: {connect: 1s}, retry: {attempts: 2, budget: 0.25, floor: 0},\n"
    "    breaker: {failures: 7, open: 2s}, max_concurrent: 9}\n"
    "  second: {provider: open}\n"
    "  third: {provider: off}\n"
    "mixtures:\n"
    "  mom: {members: [second, third, \"vendor/a.b:c\"], critic: third, quorum: 1,\n"
    "    critic_fallbacks: [\"vendor/a.b:c\", second], grace: {min: 1s, max: 2s, first_max: 3s},\n"
    "    mutating_tools: [\"w*\"], tool_turns: every_n, tool_turns_every: 3,\n"
    "    stream_hold: all, contract: closed-number, critic_hedge: 0.125, analysis: separate,\n"
    "    judge: second, graft: false, repair: false,\n"
    "    timeout: 9s, prompts: {critic: \"a\\n$$b\", member_system: c}}\n"
    "  one: {strategy: single, members: [second]}\n"
    "  two: {strategy: cascade, members: [second, third, \"vendor/a.b:c\"], tiers: [2]}\n"
    "  side: {members: [second], side_model: second}\n"
    "trace: {debug_requests: /tmp/traces, max_requests: 3, max_age: 30h}\n";
const Variables kVariables = {{"KEY", "sk-key"}, {"TOKEN", "sk-token"}};

TEST(PrintTest, ShowsNoSecret) {
  const std::string text = Parsed(kFull, kVariables).Print();
  EXPECT_THAT(text, Not(HasSubstr("sk-")));
  EXPECT_THAT(text, HasSubstr("api_key: \"********\""));
  EXPECT_THAT(text, HasSubstr("X-Token: \"********\""));
}

TEST(PrintTest, MasksWhatHasASecretsNameInExtra) {
  const std::string text =
      Parsed(With("alpha: {provider: pa}",
                  "alpha: {provider: pa, extra: {api_key: sk-1, min_tokens: 5,\n"
                  "    stop: [a, b], o: {Password: [sk-2], user: me, deep: {X-Auth: sk-3}},\n"
                  "    list: [{token: sk-4}], tools_of: [{kind: plain}]}}"))
          .Print();
  EXPECT_THAT(text, Not(HasSubstr("sk-")));
  for (const char* line :
       {"api_key: \"********\"", "min_tokens: 5", "stop: [\"a\",\"b\"]",
        "o: {\"Password\":\"********\",\"user\":\"me\",\"deep\":{\"X-Auth\":\"********\"}}",
        "list: \"********\"", "tools_of: [{\"kind\":\"plain\"}]"}) {
    EXPECT_THAT(text, HasSubstr(std::string(" ") + line + "\n"));
  }
  EXPECT_EQ(Parsed(text).Print(), text);
}

TEST(PrintTest, ShowsWhichVariableSwitchesAProviderOn) {
  EXPECT_THAT(Parsed(kFull, kVariables).Print(), HasSubstr("api_key: \"${OTHER}\""));
}

TEST(PrintTest, CanBeReadAgain) {
  const std::string once = Parsed(kFull, kVariables).Print();
  EXPECT_EQ(Parsed(once).Print(), once);
  const std::string defaults = Parsed(kSmallConfig, {{"KEY_B", "k"}}).Print();
  EXPECT_EQ(Parsed(defaults).Print(), defaults);
}

TEST(PrintTest, ShowsEveryKey) {
  const std::string printed = Parsed(kFull, kVariables).Print();
  auto document = YamlDocument::Parse(kFull, "config.yaml", testing::EnvOf(kVariables));
  ASSERT_TRUE(document.ok()) << document.status();
  ReadConfig(**document);
  for (const std::string& path : (*document)->known_paths()) {
    const std::string key = path.substr(path.rfind('.') + 1);
    if (key == "api_key_file" || key == "ca_file") continue;  // only where there is one
    EXPECT_THAT(printed, HasSubstr(key + ":")) << path;
  }
}

TEST(PrintTest, ShowsWhatWasSet) {
  const std::string printed = Parsed(kFull, kVariables).Print();
  for (const char* line : {"threads: 2",
                           "max_request_size: 2000",
                           "heartbeat: 1500ms",
                           "slow_reader_timeout: 8s",
                           "drain_timeout: 0ms",
                           "run_history: 8",
                           "log_level: debug",
                           "max_idle_connections: 7",
                           "max_response_size: 3MiB",
                           "listen: \"[::1]:2\"",
                           "max_body_size: 5KiB",
                           "keep_alive: 2s",
                           "commit_after: 3s",
                           "timeout: 4m",
                           "drain_timeout: 5h",
                           "usage: sum",
                           "log_level: error",
                           "cors_origins: [\"http://localhost:3000\"]",
                           "http_version: 2",
                           "max_tokens_field: max_tokens",
                           "tool_call_ids: short",
                           "id: \"x: #1\"",
                           "temperature: 0.1",
                           "top_p: 1",
                           "max_tokens: 5",
                           "system: \"$${A}\\nline \\\"two\\\"\"",
                           "seed: 1",
                           "o: {\"a\":[\"$$x\",null]}",
                           "context_window: 10",
                           "tools: false",
                           "images: false",
                           "input: 0.25",
                           "cached_input: 0",
                           "output: 1e-07",
                           "connect: 1s",
                           "attempts: 2",
                           "budget: 0.25",
                           "floor: 0",
                           "failures: 7",
                           "open: 2s",
                           "open_max: 30s",
                           "max_concurrent: 9",
                           "# calls of a request: 4, fallbacks: 2, retries: 3, at most: 9",
                           "# calls of a request: 1, fallbacks: 1, retries: 3, at most: 5",
                           "members: [\"second\", \"vendor/a.b:c\"]",
                           "samples: 5",
                           "tiers: [\"1\", \"1\"]",
                           "side_model: \"second\"",
                           "critic: \"vendor/a.b:c\"",
                           "critic_fallbacks: [\"second\"]",
                           "critic_hedge: 0.125",
                           "analysis: separate",
                           "judge: \"second\"",
                           "graft: false",
                           "repair: false",
                           "quorum: 1",
                           "min: 1s",
                           "max: 2s",
                           "first_max: 3s",
                           "timeout: 9s",
                           "stream_hold: all",
                           "mutating_tools: [\"w*\"]",
                           "tool_turns: every_n",
                           "tool_turns_every: 3",
                           "critic: \"a\\n$$b\"",
                           "member_system: \"c\"",
                           "strategy: single",
                           "debug_requests: \"/tmp/traces\"",
                           "max_requests: 3",
                           "max_age: 30h"}) {
    EXPECT_THAT(printed, HasSubstr(std::string(" ") + line + "\n"));
  }
}

TEST(PrintTest, TheSummaryNamesNoSecret) {
  EXPECT_THAT(Parsed(kFull, kVariables).Report(), Not(HasSubstr("sk-")));
}

}  // namespace
}  // namespace mom
