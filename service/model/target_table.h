// The targets that are in use, over all config snapshots.
#ifndef MOM_MODEL_TARGET_TABLE_H_
#define MOM_MODEL_TARGET_TABLE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/base/secret.h"
#include "service/model/model_config.h"
#include "service/model/target_state.h"

namespace mom {

// Lets the state of a target live through a reload that leaves it as it is: the URL, the model's id
// and what the provider knows us by, key and headers. A state goes with the last who holds it, so a
// new snapshot must be made while the old one is there. Owner: the process. Not thread-safe.
class TargetTable {
 public:
  // The target's state, for a snapshot that is being made; tells it so.
  std::shared_ptr<TargetState> Get(const ProviderConfig& provider, const ModelConfig& model);

 private:
  struct Entry {
    std::string base_url;
    std::string id;
    Secret api_key;
    std::vector<std::pair<std::string, std::string>> headers;
    std::weak_ptr<TargetState> state;
  };
  std::vector<Entry> entries_;
};

}  // namespace mom

#endif  // MOM_MODEL_TARGET_TABLE_H_
