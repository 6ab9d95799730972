// What a start says of the config.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "service/base/nearest_name.h"
#include "service/config.h"
#include "service/engine/strategy_keys.h"

namespace mom {
namespace {

std::string SummaryOf(const MixtureConfig& mixture) {
  std::string text =
      "mixture " + mixture.name + ": " + mixture.strategy + " of " + JoinNames(mixture.members);
  if (!mixture.critic.empty()) text += "; critic " + mixture.critic;
  if (!mixture.critic_fallbacks.empty() && ReadsKey(mixture.strategy, "critic_fallbacks")) {
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
  return "provider " + provider.name + " at " + provider.base_url +
         (provider.api_key.empty() ? " without a key: " : " with a key: ") +
         (names.empty() ? "no models" : JoinNames(names));
}

// Whether two models are one: asked at the same place, in the same way.
bool AreTwins(const ModelConfig& a, const ModelConfig& b) {
  return a.provider == b.provider && a.id == b.id && a.temperature == b.temperature &&
         a.top_p == b.top_p && a.max_tokens == b.max_tokens && a.system == b.system &&
         a.extra_body == b.extra_body;
}

// One line for each member that is the same model as one before it.
void WarnOfTwins(const MixtureConfig& mixture, const ModelsConfig& models,
                 std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < mixture.members.size(); ++i) {
    const ModelConfig& model = *models.FindModel(mixture.members[i]);
    for (std::size_t j = 0; j < i; ++j) {
      const ModelConfig& other = *models.FindModel(mixture.members[j]);
      if (!AreTwins(model, other)) continue;
      lines.push_back("mixture " + mixture.name + " asks one model twice: " + other.name + " and " +
                      model.name + " have the same provider, id and parameters; change models." +
                      model.name + ".id or .temperature");
      break;
    }
  }
}

// One line for all of them. What is asked over http:// is on this machine, where nobody bills: it
// needs a price only beside models that have one, as without it no sum is known.
void WarnOfPrices(const ModelsConfig& models, std::vector<std::string>& lines) {
  const bool any_priced = std::any_of(
      models.models.begin(), models.models.end(),
      [&](const ModelConfig& model) { return model.price && models.IsUsable(model.name); });
  std::vector<std::string> names;
  bool any_local = false;
  for (const ModelConfig& model : models.models) {
    if (model.price || !models.IsUsable(model.name)) continue;
    const bool is_local = models.FindProvider(model.provider)->base_url.starts_with("http://");
    if (is_local && !any_priced) continue;
    any_local = any_local || is_local;
    names.push_back(model.name);
  }
  if (names.empty()) return;
  lines.push_back("no price is given for " + JoinNames(names) +
                  "; what they cost is not known; write models.NAME.price" +
                  (any_local ? ", {input: 0, output: 0} where nobody bills" : ""));
}

// Requests that name no model ask for it, and so do many clients by their set-up.
void WarnOfNoDefault(const Config& config, std::vector<std::string>& lines) {
  if (config.mixtures.Find(kDefaultMixture) || config.models.FindModel(kDefaultMixture)) return;
  const std::string name = kDefaultMixture;
  lines.push_back("there is no mixture " + name +
                  ", which is asked where a request names no model; write mixtures." + name +
                  ", or let every client name its model");
}

}  // namespace

std::vector<std::string> Config::Summary() const {
  std::error_code ignored;  // without a current directory the path stays as it is
  std::vector<std::string> lines = {"file " + std::filesystem::absolute(path, ignored).string()};
  for (const MixtureConfig& mixture : mixtures.mixtures) lines.push_back(SummaryOf(mixture));
  for (const ProviderConfig& provider : models.providers) {
    lines.push_back(SummaryOf(provider, models.models));
  }
  return lines;
}

std::vector<std::string> Config::Warnings() const {
  std::vector<std::string> lines = mixtures.notices;
  lines.insert(lines.end(), models.notices.begin(), models.notices.end());
  for (const MixtureConfig& mixture : mixtures.mixtures) WarnOfTwins(mixture, models, lines);
  WarnOfPrices(models, lines);
  WarnOfNoDefault(*this, lines);
  return lines;
}

std::string Config::Report() const {
  std::string text = path + ": good\n";
  for (const std::string& line : Summary()) text += line + "\n";
  for (const std::string& line : Warnings()) text += "warning: " + line + "\n";
  return text;
}

}  // namespace mom
