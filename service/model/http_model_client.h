// Asks a model over HTTP: one attempt.
#ifndef MOM_MODEL_HTTP_MODEL_CLIENT_H_
#define MOM_MODEL_HTTP_MODEL_CLIENT_H_

#include <memory>

#include "service/model/model_client.h"
#include "service/model/model_config.h"
#include "service/model/target_state.h"
#include "service/model/translator.h"

namespace mom {

// Encodes, sends, decodes, and holds the attempt's time limits: connect, first token, idle between
// payloads (comments and pings do not re-arm it), total; each names its config key in the error
// (metadata "config_key"). Writes one row to the context's AttemptLog, also when it is destroyed
// half way. Tells the target's state of limits that an answer's headers say are used up.
class HttpModelClient final : public ModelClient {
 public:
  HttpModelClient(ProviderConfig provider, ModelConfig model, std::shared_ptr<TargetState> state);
  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                        CallContext context) override;

  // What the streams share with this object.
  struct Target {
    ProviderConfig provider;
    ModelConfig model;
    const Translator* translator;
    std::shared_ptr<TargetState> state;
  };

 private:
  std::shared_ptr<const Target> target_;
};

}  // namespace mom

#endif  // MOM_MODEL_HTTP_MODEL_CLIENT_H_
