#include "service/trace/trace.h"

namespace mom {

Usage Trace::usage() const {
  Usage sum;
  for (const TraceAttempt& attempt : attempts) sum += attempt.usage;
  return sum;
}

}  // namespace mom
