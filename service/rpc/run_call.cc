#include "service/rpc/run_call.h"

#include <utility>

#include "service/rpc/metadata.h"
#include "service/rpc/request_log.h"

namespace mom {
namespace {

// Gives the request what the call knows beside the message.
void Complete(Call& call, const std::string& message_request_id, StatusOr<RunRequest>& request) {
  const std::string id = RequestIdOf(call.context(), message_request_id);
  call.set_request_id(id);
  call.context().AddInitialMetadata(kRequestIdKey, id);
  const std::optional<TraceContext> trace = TraceOf(call.context());
  if (!request.ok()) {
    LogRefused(id, trace, request.status());
    return;
  }
  request->request_id = id;
  request->trace = trace;
  request->deadline = DeadlineOf(call.context());
}

}  // namespace

asio::awaitable<Status> RunUnary(UnaryCall& call, Engine& engine, StatusOr<RunRequest> request,
                                 std::string message_request_id, EncodeAnswer encode) {
  Complete(call, message_request_id, request);
  if (!request.ok()) co_return request.status();
  AnswerKeeper sink;
  RunRequest run = *std::move(request);
  Status status = co_await engine.Run(std::move(run), call.loop().http(), sink);
  if (status.ok()) call.SetResponse(*encode(*sink.answer()));
  co_return status;
}

asio::awaitable<Status> RunStream(StreamCall& call, Engine& engine, StatusOr<RunRequest> request,
                                  std::string message_request_id,
                                  std::chrono::milliseconds heartbeat, EventWriter::Encode encode) {
  Complete(call, message_request_id, request);
  if (!request.ok()) co_return request.status();
  EventWriter sink(call, heartbeat, std::move(encode));
  RunRequest run = *std::move(request);
  run.streaming = true;
  co_return co_await engine.Run(std::move(run), call.loop().http(), sink);
}

}  // namespace mom
