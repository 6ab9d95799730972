// Asks a model only where its target's state allows it.
#ifndef MOM_MODEL_GUARDING_MODEL_CLIENT_H_
#define MOM_MODEL_GUARDING_MODEL_CLIENT_H_

#include <functional>
#include <memory>

#include "service/model/model_client.h"
#include "service/model/model_config.h"
#include "service/model/target_state.h"

namespace mom {

// Asks the target's state before each call (at the stream's first Next()), and tells it what became
// of the call. A refused call ends at once with the state's error; nothing is sent and no attempt
// is recorded.
class GuardingModelClient final : public ModelClient {
 public:
  using Now = std::function<TargetState::Time()>;

  // `now`: the clock, for tests.
  GuardingModelClient(std::unique_ptr<ModelClient> inner, ModelConfig model,
                      std::shared_ptr<TargetState> state, Now now = Deadline::Clock::now);
  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                        CallContext context) override;

  // What the streams share with this object.
  struct Guarded {
    std::unique_ptr<ModelClient> client;
    ModelConfig model;
    std::shared_ptr<TargetState> state;
    Now now;
  };

 private:
  std::shared_ptr<const Guarded> guarded_;
};

}  // namespace mom

#endif  // MOM_MODEL_GUARDING_MODEL_CLIENT_H_
