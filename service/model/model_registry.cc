#include "service/model/model_registry.h"

#include <utility>

#include "service/model/http_model_client.h"
#include "service/model/retrying_model_client.h"

namespace mom {

ModelRegistry::ModelRegistry(const ModelsConfig& config) {
  for (const ModelConfig& model : config.models) {
    if (!config.IsUsable(model.name)) continue;
    auto http = std::make_unique<HttpModelClient>(*config.FindProvider(model.provider), model);
    auto client = std::make_shared<RetryingModelClient>(std::move(http), model.retry);
    models_.emplace(model.name, RegisteredModel{model, std::move(client)});
  }
}

ModelRegistry::ModelRegistry(std::map<std::string, RegisteredModel> models)
    : models_(std::move(models)) {}

const RegisteredModel* ModelRegistry::Find(const std::string& name) const {
  const auto found = models_.find(name);
  return found == models_.end() ? nullptr : &found->second;
}

}  // namespace mom
