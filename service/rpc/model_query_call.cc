#include "service/rpc/model_query_call.h"

#include <memory>
#include <utility>

#include "service/rpc/convert.h"
#include "service/rpc/run_call.h"

namespace mom {

asio::awaitable<Status> ServeModelQuery(UnaryCall& call, Engine& engine) {
  v1::ModelQueryRequest message;
  const Status parsed = call.ParseRequest(message);
  StatusOr<RunRequest> request = parsed.ok() ? ToRunRequest(message) : parsed;
  EncodeAnswer encode = [](const Answer& answer) {
    return std::make_unique<v1::ModelQueryResponse>(ToModelQueryResponse(answer));
  };
  return RunUnary(call, engine, std::move(request), message.request_id(), std::move(encode));
}

asio::awaitable<Status> ServeModelQueryStream(StreamCall& call, Engine& engine,
                                              std::chrono::milliseconds heartbeat) {
  v1::ModelQueryStreamRequest message;
  const Status parsed = call.ParseRequest(message);
  StatusOr<RunRequest> request = parsed.ok() ? ToRunRequest(message.request()) : parsed;
  EventWriter::Encode encode = [](std::uint64_t sequence, const Event* event) {
    auto out = std::make_unique<v1::ModelQueryStreamResponse>();
    out->set_sequence(sequence);
    if (event != nullptr) {
      FillEvent(*event, *out);
    } else {
      out->mutable_heartbeat();
    }
    return out;
  };
  return RunStream(call, engine, std::move(request), message.request().request_id(), heartbeat,
                   std::move(encode));
}

}  // namespace mom
