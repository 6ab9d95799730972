// The RPCs Synthesize and SynthesizeStream.
#ifndef MOM_RPC_SYNTHESIZE_CALL_H_
#define MOM_RPC_SYNTHESIZE_CALL_H_

#include <chrono>

#include "service/engine/engine.h"
#include "service/rpc/method_calls.h"

namespace mom {

asio::awaitable<Status> ServeSynthesize(UnaryCall& call, Engine& engine);
asio::awaitable<Status> ServeSynthesizeStream(StreamCall& call, Engine& engine,
                                              std::chrono::milliseconds heartbeat);

}  // namespace mom

#endif  // MOM_RPC_SYNTHESIZE_CALL_H_
