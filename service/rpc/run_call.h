// What all RPCs that run a request share.
#ifndef MOM_RPC_RUN_CALL_H_
#define MOM_RPC_RUN_CALL_H_

#include <functional>
#include <memory>
#include <string>

#include "service/engine/engine.h"
#include "service/rpc/event_writer.h"
#include "service/rpc/method_calls.h"

namespace mom {

using EncodeAnswer = std::function<std::unique_ptr<google::protobuf::Message>(const Answer&)>;

// Runs `request`, or refuses what could not be converted; in both cases the client learns the
// request's id from the call's initial metadata. `message_request_id` is the id that the message
// itself gives.
asio::awaitable<Status> RunUnary(UnaryCall& call, Engine& engine, StatusOr<RunRequest> request,
                                 std::string message_request_id, EncodeAnswer encode);
asio::awaitable<Status> RunStream(StreamCall& call, Engine& engine, StatusOr<RunRequest> request,
                                  std::string message_request_id,
                                  std::chrono::milliseconds heartbeat, EventWriter::Encode encode);

}  // namespace mom

#endif  // MOM_RPC_RUN_CALL_H_
