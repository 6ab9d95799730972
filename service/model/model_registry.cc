#include "service/model/model_registry.h"

#include <utility>

#include "service/model/guarding_model_client.h"
#include "service/model/http_model_client.h"
#include "service/model/rekeying_model_client.h"
#include "service/model/retrying_model_client.h"

namespace mom {
namespace {

std::unique_ptr<ModelClient> MakeHttpClient(const ProviderConfig& provider,
                                            const ModelConfig& model,
                                            std::shared_ptr<TargetState> state) {
  if (provider.api_key_file.empty()) {
    return std::make_unique<HttpModelClient>(provider, model, std::move(state));
  }
  return std::make_unique<RekeyingModelClient>(
      provider, [model, state = std::move(state)](const ProviderConfig& keyed) {
        return std::make_shared<HttpModelClient>(keyed, model, state);
      });
}

}  // namespace

ModelRegistry::ModelRegistry(const ModelsConfig& config, TargetTable& targets) {
  for (const ModelConfig& model : config.models) {
    if (!config.IsUsable(model.name)) continue;
    const ProviderConfig& provider = *config.FindProvider(model.provider);
    const std::shared_ptr<TargetState> state = targets.Get(provider, model);
    auto guard =
        std::make_unique<GuardingModelClient>(MakeHttpClient(provider, model, state), model, state);
    auto client = std::make_shared<RetryingModelClient>(std::move(guard), model, state);
    models_.emplace(model.name, RegisteredModel{model, std::move(client), state});
  }
}

ModelRegistry::ModelRegistry(std::map<std::string, RegisteredModel> models)
    : models_(std::move(models)) {}

const RegisteredModel* ModelRegistry::Find(const std::string& name) const {
  const auto found = models_.find(name);
  return found == models_.end() ? nullptr : &found->second;
}

}  // namespace mom
