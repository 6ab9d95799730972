// The other direction of reading: each section's struct as the YAML that gives it.

#include "service/base/ascii.h"
#include "service/base/json_reader.h"
#include "service/base/json_writer.h"
#include "service/base/units.h"
#include "service/base/yaml_writer.h"
#include "service/config.h"
#include "service/engine/choose_strategy.h"

namespace mom {
namespace {

std::string BoolText(bool value) { return value ? "true" : "false"; }

void PrintServer(const ServerConfig& server, YamlWriter& out) {
  out.Begin("server");
  out.Texts("listen", server.listen);
  out.Plain("threads", std::to_string(server.threads));
  out.Plain("max_request_size", FormatBytes(server.max_request_bytes));
  out.Plain("max_requests", std::to_string(server.admission.requests));
  out.Plain("max_memory", FormatBytes(server.admission.bytes));
  out.Plain("max_queue", std::to_string(server.admission.queue));
  out.Plain("max_wait", FormatDuration(server.admission.wait));
  out.Plain("heartbeat", FormatDuration(server.heartbeat));
  out.Plain("slow_reader_timeout", FormatDuration(server.slow_reader_timeout));
  out.Plain("drain_timeout", FormatDuration(server.drain_timeout));
  out.Plain("run_history", std::to_string(server.run_history));
  out.Plain("log_level", server.log_level);
  out.Begin("upstream");
  out.Plain("max_idle_connections", std::to_string(server.upstream.max_idle_connections));
  out.Plain("max_response_size", FormatBytes(server.upstream.max_response_bytes));
  out.End();
  out.End();
}

void PrintRest(const rest::RestConfig& rest, YamlWriter& out) {
  out.Begin("rest");
  out.Text("listen", rest.listen);
  out.Text("service", rest.service);
  out.Plain("max_body_size", FormatBytes(rest.max_body_bytes));
  out.Plain("max_connections", std::to_string(rest.max_connections));
  out.Plain("max_memory", FormatBytes(rest.max_memory));
  out.Plain("keep_alive", FormatDuration(rest.keep_alive));
  out.Plain("commit_after", FormatDuration(rest.commit_after));
  out.Plain("timeout", FormatDuration(rest.timeout));
  out.Plain("drain_timeout", FormatDuration(rest.drain_timeout));
  out.Plain("usage", rest.usage);
  out.Plain("progress", rest.progress);
  out.Plain("log_level", rest.log_level);
  out.Texts("cors_origins", rest.cors_origins);
  out.End();
}

void PrintProvider(const ProviderConfig& provider, YamlWriter& out) {
  out.Begin(provider.name);
  out.Text("base_url", provider.base_url);
  out.Plain("dialect", provider.dialect);
  if (!provider.off_because.empty()) {
    out.Template("api_key", "${" + provider.off_because + "}");
  } else {
    out.Text("api_key", provider.api_key.Masked());
  }
  if (!provider.api_key_file.empty()) out.Text("api_key_file", provider.api_key_file);
  if (!provider.headers.empty()) {
    out.Begin("headers");
    for (const auto& [name, value] : provider.headers) out.Text(name, Secret(value).Masked());
    out.End();
  }
  if (!provider.ca_file.empty()) out.Text("ca_file", provider.ca_file);
  out.Plain("http_version", provider.http_version);
  out.Plain("max_tokens_field", provider.max_tokens_field);
  out.Plain("tool_call_ids", provider.tool_call_ids);
  out.End();
}

// What has such a name may be a secret.
bool NamesSecret(std::string_view name) {
  const std::string lower = LowerCase(name);
  for (const char* word : {"key", "token", "secret", "passw", "auth", "credential"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

// The JSON value of `name` with masks: of all but numbers and the like under a secret's name, at
// any depth, and of a list of objects where any has one.
std::string WithoutSecrets(std::string_view name, std::string_view json) {
  if (const auto members = ReadJsonObject(json)) {
    JsonWriter out;
    out.BeginObject();
    for (const auto& [key, value] : *members) out.Key(key).Raw(WithoutSecrets(key, value));
    return out.EndObject().TakeString();
  }
  const bool is_text_or_list = json.starts_with('"') || json.starts_with('[');
  const bool has_objects = json.starts_with('[') && json.find('{') != std::string_view::npos;
  const bool hides = (is_text_or_list && NamesSecret(name)) || (has_objects && NamesSecret(json));
  return hides ? JsonWriter().String(Secret(std::string(json)).Masked()).TakeString()
               : std::string(json);
}

void PrintPrice(const Price& price, YamlWriter& out) {
  out.Begin("price");
  out.Plain("input", FormatNumber(price.input));
  if (price.cached_input) out.Plain("cached_input", FormatNumber(*price.cached_input));
  out.Plain("output", FormatNumber(price.output));
  out.End();
}

void PrintLimits(const ModelConfig& model, YamlWriter& out) {
  out.Begin("timeouts");
  out.Plain("connect", FormatDuration(model.timeouts.connect));
  out.Plain("first_token", FormatDuration(model.timeouts.first_token));
  out.Plain("idle", FormatDuration(model.timeouts.idle));
  out.Plain("total", FormatDuration(model.timeouts.total));
  out.End();
  out.Begin("retry");
  out.Plain("attempts", std::to_string(model.retry.attempts));
  out.Plain("base", FormatDuration(model.retry.base));
  out.Plain("cap", FormatDuration(model.retry.cap));
  out.Plain("budget", FormatNumber(model.retry.budget));
  out.Plain("floor", std::to_string(model.retry.floor));
  out.End();
  out.Begin("breaker");
  out.Plain("failures", std::to_string(model.breaker.failures));
  out.Plain("open", FormatDuration(model.breaker.open));
  out.Plain("open_max", FormatDuration(model.breaker.open_max));
  out.End();
  out.Plain("max_concurrent", std::to_string(model.max_concurrent));
}

void PrintModel(const ModelConfig& model, YamlWriter& out) {
  out.Begin(model.name);
  out.Text("provider", model.provider);
  out.Text("id", model.id);
  if (model.temperature) out.Plain("temperature", FormatNumber(*model.temperature));
  if (model.top_p) out.Plain("top_p", FormatNumber(*model.top_p));
  if (model.max_tokens) out.Plain("max_tokens", std::to_string(*model.max_tokens));
  if (!model.system.empty()) out.Text("system", model.system);
  if (!model.extra_body.empty()) {
    out.Begin("extra");
    for (const auto& [key, json] : model.extra_body) out.Json(key, WithoutSecrets(key, json));
    out.End();
  }
  out.Plain("context_window", std::to_string(model.context_window));
  out.Plain("tools", BoolText(model.tools));
  out.Plain("images", BoolText(model.images));
  if (model.price) PrintPrice(*model.price, out);
  PrintLimits(model, out);
  out.End();
}

void PrintMixture(const MixtureConfig& mixture, YamlWriter& out) {
  out.Begin(mixture.name);
  const CallPlan plan = PlanOf(mixture);
  out.Comment("calls of a request: " + std::to_string(plan.calls) + ", fallbacks: " +
              std::to_string(plan.fallbacks) + ", retries: " + std::to_string(kMostRetries) +
              ", at most: " + std::to_string(plan.most()));
  out.Plain("strategy", mixture.strategy);
  out.Texts("members", mixture.members);
  if (!mixture.tiers.empty()) {
    std::vector<std::string> sizes;
    for (const auto& tier : mixture.tiers) sizes.push_back(std::to_string(tier.size()));
    out.Texts("tiers", sizes);
  }
  if (!mixture.side_model.empty()) out.Text("side_model", mixture.side_model);
  out.Plain("samples", std::to_string(mixture.samples));
  if (!mixture.critic.empty()) out.Text("critic", mixture.critic);
  out.Texts("critic_fallbacks", mixture.critic_fallbacks);
  out.Plain("critic_hedge", FormatNumber(mixture.critic_hedge));
  out.Plain("analysis", mixture.analysis);
  out.Text("judge", mixture.judge);
  out.Plain("graft", BoolText(mixture.graft));
  out.Plain("repair", BoolText(mixture.repair));
  out.Plain("quorum", std::to_string(mixture.quorum));
  out.Begin("grace");
  out.Plain("min", FormatDuration(mixture.grace.min));
  out.Plain("max", FormatDuration(mixture.grace.max));
  out.Plain("first_max", FormatDuration(mixture.grace.first_max));
  out.End();
  out.Plain("timeout", FormatDuration(mixture.timeout));
  out.Plain("stream_hold", mixture.stream_hold);
  out.Plain("contract", std::string(NameOf(mixture.contract)));
  out.Texts("mutating_tools", mixture.mutating_tools);
  out.Plain("tool_turns", mixture.tool_turns);
  out.Plain("tool_turns_every", std::to_string(mixture.tool_turns_every));
  out.Begin("prompts");
  out.Text("critic", mixture.critic_prompt);
  out.Text("member_system", mixture.member_system_prompt);
  out.End();
  out.End();
}

void PrintTrace(const TraceConfig& trace, YamlWriter& out) {
  out.Begin("trace");
  out.Text("debug_requests", trace.debug_requests);
  out.Plain("max_requests", std::to_string(trace.max_requests));
  out.Plain("max_age", FormatDuration(trace.max_age));
  out.End();
}

}  // namespace

std::string Config::Print() const {
  YamlWriter out;
  PrintServer(server, out);
  PrintRest(rest, out);
  out.Begin("providers");
  for (const ProviderConfig& provider : models.providers) PrintProvider(provider, out);
  out.End();
  out.Begin("models");
  for (const ModelConfig& model : models.models) PrintModel(model, out);
  out.End();
  out.Begin("mixtures");
  for (const MixtureConfig& mixture : mixtures.mixtures) PrintMixture(mixture, out);
  out.End();
  PrintTrace(trace, out);
  return out.TakeString();
}

}  // namespace mom
