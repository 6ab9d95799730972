// The models of one config snapshot.
#ifndef MOM_MODEL_MODEL_REGISTRY_H_
#define MOM_MODEL_MODEL_REGISTRY_H_

#include <map>
#include <memory>
#include <string>

#include "service/model/model_client.h"
#include "service/model/model_config.h"

namespace mom {

// A model that can be asked.
struct RegisteredModel {
  ModelConfig config;
  std::shared_ptr<ModelClient> client;
  ProviderConfig provider = {};
};

// The one factory of client stacks: it alone knows their order (retry outside, then HTTP).
// Immutable; serves all loops.
class ModelRegistry {
 public:
  // Leaves out models whose provider is off. A model that `previous` (may be null) has too, with
  // the same config and provider, keeps its client: what that has learnt about it stays.
  explicit ModelRegistry(const ModelsConfig& config, const ModelRegistry* previous = nullptr);
  // For tests: models with clients of their own.
  explicit ModelRegistry(std::map<std::string, RegisteredModel> models);
  // Null where there is none of that name.
  const RegisteredModel* Find(const std::string& name) const;

 private:
  std::map<std::string, RegisteredModel> models_;
};

}  // namespace mom

#endif  // MOM_MODEL_MODEL_REGISTRY_H_
