#include "service/trace/trace.h"

namespace mom {

bool TraceAttempt::IsFor(const TraceCandidate& one) const {
  return role == "member" && model == one.model && (candidate == 0 || candidate == one.number);
}

Usage Trace::usage() const {
  Usage sum;
  for (const TraceAttempt& attempt : attempts) sum += attempt.usage;
  return sum;
}

Usage Trace::usage_of(const TraceCandidate& candidate) const {
  Usage sum;
  for (const TraceAttempt& attempt : attempts) {
    if (attempt.IsFor(candidate)) sum += attempt.usage;
  }
  return sum;
}

}  // namespace mom
