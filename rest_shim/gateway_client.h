// The service behind the shim, as the handlers see it: the hop can be exchanged behind this.
#ifndef MOM_REST_SHIM_GATEWAY_CLIENT_H_
#define MOM_REST_SHIM_GATEWAY_CLIENT_H_

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "mom/v1/mom_service.pb.h"
#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/base/stream.h"

namespace mom::rest {

// What goes along with a request; empty texts are left out.
struct CallMetadata {
  std::string request_id;
  std::string traceparent;    // valid
  std::string authorization;  // never logged
  std::string contract;       // as the client has it
};

// The events of one answer. Destroying it cancels the call, as does the call's own deadline. One
// event is read ahead, no more: who does not call Next() slows the service down.
class AnswerStream : public Stream<v1::SynthesizeStreamResponse> {
 public:
  // Suspends until Next() would not (true) or the deadline passes (false). Cancellation: throws;
  // the stream may still be used or destroyed.
  virtual asio::awaitable<bool> Ready(Deadline deadline) = 0;
};

// Thread: its loop's only. A service that cannot be reached fails calls with kUnavailable and the
// reason SERVICE_UNREACHABLE, at once; the next call finds it when it is back.
class GatewayClient {
 public:
  virtual ~GatewayClient() = default;

  // The answer as it is written: `started`, deltas, `completed`; and how the run goes, where that
  // is asked for.
  virtual std::unique_ptr<AnswerStream> SynthesizeStream(v1::SynthesizeStreamRequest request,
                                                         const CallMetadata& metadata) = 0;
  // The answer in one piece: `completed` alone.
  virtual std::unique_ptr<AnswerStream> Synthesize(v1::SynthesizeRequest request,
                                                   const CallMetadata& metadata) = 0;
  virtual asio::awaitable<StatusOr<v1::ListModelsResponse>> ListModels(CallMetadata metadata) = 0;
  // The deadline of the answers that are asked for from now on.
  virtual void SetAnswerTimeout(std::chrono::milliseconds timeout) = 0;
  // Cancels what is under way; it fails with `why`.
  virtual void EndCalls(Status why) = 0;
  // OK where the service says that it serves.
  virtual asio::awaitable<Status> CheckHealth() = 0;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_GATEWAY_CLIENT_H_
