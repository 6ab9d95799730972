// The record of a run as GetRun tells it: without content.
#ifndef MOM_RPC_CONVERT_RUN_H_
#define MOM_RPC_CONVERT_RUN_H_

#include "mom/v1/mom_service.pb.h"
#include "service/engine/run.h"
#include "service/trace/trace.h"

namespace mom {

v1::Run ToRun(const RunRecord& record);
// What a trace does not have, or says in words that this version does not know, is left out.
v1::Run ToRun(const Trace& trace);

}  // namespace mom

#endif  // MOM_RPC_CONVERT_RUN_H_
