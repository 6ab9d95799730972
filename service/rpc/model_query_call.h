// The RPCs ModelQuery and ModelQueryStream.
#ifndef MOM_RPC_MODEL_QUERY_CALL_H_
#define MOM_RPC_MODEL_QUERY_CALL_H_

#include <chrono>

#include "service/engine/engine.h"
#include "service/rpc/method_calls.h"

namespace mom {

asio::awaitable<Status> ServeModelQuery(UnaryCall& call, Engine& engine);
asio::awaitable<Status> ServeModelQueryStream(StreamCall& call, Engine& engine,
                                              std::chrono::milliseconds heartbeat);

}  // namespace mom

#endif  // MOM_RPC_MODEL_QUERY_CALL_H_
