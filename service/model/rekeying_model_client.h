// Asks with the key that a key file has now.
#ifndef MOM_MODEL_REKEYING_MODEL_CLIENT_H_
#define MOM_MODEL_REKEYING_MODEL_CLIENT_H_

#include <functional>
#include <memory>

#include "service/model/model_client.h"
#include "service/model/model_config.h"

namespace mom {

// A provider may reject a key before the new one has gone live: then its `api_key_file` is read
// again, and where that has another key, the call is made again with it, once, before the first
// delta; so are all later ones. That takes none of the request's retries, which bound what may be
// paid for: a call whose key was rejected is not. Else the provider's answer stands.
class RekeyingModelClient final : public ModelClient {
 public:
  // Makes the client of a provider, for each key.
  using Make = std::function<std::shared_ptr<ModelClient>(const ProviderConfig& provider)>;

  RekeyingModelClient(ProviderConfig provider, Make make);
  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                        CallContext context) override;

  // The key, shared with the streams.
  class Keyed;

 private:
  std::shared_ptr<Keyed> keyed_;
};

}  // namespace mom

#endif  // MOM_MODEL_REKEYING_MODEL_CLIENT_H_
