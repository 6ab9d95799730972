#include "service/rpc/synthesize_call.h"

#include <memory>
#include <utility>

#include "service/rpc/convert.h"
#include "service/rpc/run_call.h"

namespace mom {

asio::awaitable<Status> ServeSynthesize(UnaryCall& call, Engine& engine) {
  v1::SynthesizeRequest message;
  const Status parsed = call.ParseRequest(message);
  StatusOr<RunRequest> request = parsed.ok() ? ToRunRequest(message) : parsed;
  const bool with_candidates = message.include_candidates();
  EncodeAnswer encode = [with_candidates](const Answer& answer) {
    return std::make_unique<v1::SynthesizeResponse>(ToSynthesizeResponse(answer, with_candidates));
  };
  return RunUnary(call, engine, std::move(request), message.request_id(), std::move(encode));
}

asio::awaitable<Status> ServeSynthesizeStream(StreamCall& call, Engine& engine,
                                              std::chrono::milliseconds heartbeat) {
  v1::SynthesizeStreamRequest message;
  const Status parsed = call.ParseRequest(message);
  StatusOr<RunRequest> request = parsed.ok() ? ToRunRequest(message.request()) : parsed;
  if (request.ok()) {
    request->want_candidate_deltas = message.include_candidate_deltas();
    request->want_progress = message.include_progress();
  }
  const bool with_candidates = message.request().include_candidates();
  EventWriter::Encode encode = [with_candidates](std::uint64_t sequence, const Event* event) {
    auto out = std::make_unique<v1::SynthesizeStreamResponse>();
    out->set_sequence(sequence);
    if (event != nullptr) {
      FillEvent(*event, with_candidates, *out);
    } else {
      out->mutable_heartbeat();
    }
    return out;
  };
  return RunStream(call, engine, std::move(request), message.request().request_id(), heartbeat,
                   std::move(encode));
}

}  // namespace mom
