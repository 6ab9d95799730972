// The models of one config snapshot.
#ifndef MOM_MODEL_MODEL_REGISTRY_H_
#define MOM_MODEL_MODEL_REGISTRY_H_

#include <map>
#include <memory>
#include <string>

#include "service/model/model_client.h"
#include "service/model/model_config.h"
#include "service/model/target_table.h"

namespace mom {

// A model that can be asked.
struct RegisteredModel {
  ModelConfig config;
  std::shared_ptr<ModelClient> client;
  std::shared_ptr<TargetState> state = nullptr;  // which guards the client; null: none does
};

// The one factory of client stacks: it alone knows their order (retry outside, then the guard, then
// HTTP). Immutable; serves all loops.
class ModelRegistry {
 public:
  // Leaves out models whose provider is off. `targets` is used during the call only.
  ModelRegistry(const ModelsConfig& config, TargetTable& targets);
  // For tests: models with clients of their own.
  explicit ModelRegistry(std::map<std::string, RegisteredModel> models);
  // Null where there is none of that name.
  const RegisteredModel* Find(const std::string& name) const;

 private:
  std::map<std::string, RegisteredModel> models_;
};

}  // namespace mom

#endif  // MOM_MODEL_MODEL_REGISTRY_H_
