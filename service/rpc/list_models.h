// The RPC ListModels.
#ifndef MOM_RPC_LIST_MODELS_H_
#define MOM_RPC_LIST_MODELS_H_

#include "mom/v1/mom_service.pb.h"
#include "service/engine/engine.h"
#include "service/rpc/method_calls.h"

namespace mom {

// The names of `snapshot` that can be used, one page of them.
StatusOr<v1::ListModelsResponse> ListModels(const EngineSnapshot& snapshot,
                                            const v1::ListModelsRequest& request);

asio::awaitable<Status> ServeListModels(UnaryCall& call, Engine& engine);

}  // namespace mom

#endif  // MOM_RPC_LIST_MODELS_H_
