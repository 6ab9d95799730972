#include "service/model/model_registry.h"

#include <utility>

#include "service/model/http_model_client.h"
#include "service/model/retrying_model_client.h"

namespace mom {
namespace {

std::shared_ptr<ModelClient> MakeClient(const ProviderConfig& provider, const ModelConfig& model) {
  auto http = std::make_unique<HttpModelClient>(provider, model);
  return std::make_shared<RetryingModelClient>(std::move(http), model.retry);
}

}  // namespace

ModelRegistry::ModelRegistry(const ModelsConfig& config, const ModelRegistry* previous) {
  for (const ModelConfig& model : config.models) {
    if (!config.IsUsable(model.name)) continue;
    const ProviderConfig& provider = *config.FindProvider(model.provider);
    const RegisteredModel* old = previous == nullptr ? nullptr : previous->Find(model.name);
    const bool is_same = old != nullptr && old->config == model && old->provider == provider;
    models_.emplace(
        model.name,
        RegisteredModel{model, is_same ? old->client : MakeClient(provider, model), provider});
  }
}

ModelRegistry::ModelRegistry(std::map<std::string, RegisteredModel> models)
    : models_(std::move(models)) {}

const RegisteredModel* ModelRegistry::Find(const std::string& name) const {
  const auto found = models_.find(name);
  return found == models_.end() ? nullptr : &found->second;
}

}  // namespace mom
