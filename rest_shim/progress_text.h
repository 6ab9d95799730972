// How a run goes, in words for who waits for its answer.
#ifndef MOM_REST_SHIM_PROGRESS_TEXT_H_
#define MOM_REST_SHIM_PROGRESS_TEXT_H_

#include <string>

#include "mom/v1/mom_service.pb.h"

namespace mom::rest {

// A paragraph that tells of a `started`, `stage` or `candidate_finished` event; empty for all other
// events. Has nothing of what the models say.
std::string ProgressLine(const v1::SynthesizeStreamResponse& event);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_PROGRESS_TEXT_H_
