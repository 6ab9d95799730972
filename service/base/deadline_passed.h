// The failure of a request whose own time is up.
#ifndef MOM_BASE_DEADLINE_PASSED_H_
#define MOM_BASE_DEADLINE_PASSED_H_

#include "service/base/reasons.h"
#include "service/base/status.h"

namespace mom {

// kDeadlineExceeded with the reason DEADLINE, and what to do.
inline Status DeadlinePassed() {
  return MakeError(StatusCode::kDeadlineExceeded,
                   "the time of the request is up; ask for less, or raise the client's deadline, "
                   "the request's `timeout` or the one of its mixture",
                   reason::kDeadline);
}

}  // namespace mom

#endif  // MOM_BASE_DEADLINE_PASSED_H_
