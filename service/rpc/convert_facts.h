// The facts that answers and records of runs share, as messages: all that is no content.
#ifndef MOM_RPC_CONVERT_FACTS_H_
#define MOM_RPC_CONVERT_FACTS_H_

#include <chrono>

#include "mom/v1/mom_service.pb.h"
#include "service/engine/event.h"

namespace mom {

v1::FinishReason ToProto(FinishReason reason);

// A Duration or a Timestamp.
template <typename Proto>
void FillTime(std::chrono::nanoseconds time, Proto& out) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  out.set_seconds(seconds.count());
  out.set_nanos(static_cast<int>((time - seconds).count()));
}

void Fill(const Usage& usage, v1::Usage& out);
void Fill(const StageEvent& event, v1::Stage& out);
// All but `message`.
void FillFacts(const Candidate& candidate, v1::Candidate& out);

}  // namespace mom

#endif  // MOM_RPC_CONVERT_FACTS_H_
