// Between the messages of proto/mom/v1 and MoM's own types.
//
// Requests are checked here, once: what comes out is what the protos promise. A mistake is
// INVALID_ARGUMENT and names the field by its path below the unary request
// ("input.messages[2].role"), also where a stream request wraps that.
#ifndef MOM_RPC_CONVERT_H_
#define MOM_RPC_CONVERT_H_

#include "mom/v1/mom_service.pb.h"
#include "service/base/status.h"
#include "service/engine/event.h"
#include "service/engine/run.h"

namespace mom {

// Without what the messages do not say: deadline, request_id, streaming.
StatusOr<RunRequest> ToRunRequest(const v1::SynthesizeRequest& request);
StatusOr<RunRequest> ToRunRequest(const v1::ModelQueryRequest& request);

v1::SynthesizeResponse ToSynthesizeResponse(const Answer& answer, bool with_candidates);
v1::ModelQueryResponse ToModelQueryResponse(const Answer& answer);

// Sets the event. With candidates: in `completed`.
void FillEvent(const Event& event, bool with_candidates, v1::SynthesizeStreamResponse& out);
void FillEvent(const Event& event, v1::ModelQueryStreamResponse& out);

}  // namespace mom

#endif  // MOM_RPC_CONVERT_H_
