// Where a run's events go.
#ifndef MOM_ENGINE_EVENT_SINK_H_
#define MOM_ENGINE_EVENT_SINK_H_

#include <boost/asio/awaitable.hpp>

#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/engine/event.h"

namespace mom {

namespace asio = boost::asio;

// The one sink of a run. Thread: the request's loop.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // Suspends until the client took it: this is the back-pressure of the whole gateway. An error
  // ends the run: kCancelled, the client is gone; kDeadlineExceeded, it took nothing until
  // `deadline` (DEADLINE) or for so long that the sink gave it up (SLOW_READER). At most one call
  // may be outstanding. Cancellation: throws boost::system::system_error(operation_aborted).
  virtual asio::awaitable<Status> Send(Event event, Deadline deadline) = 0;
  // Once the run is cancelled: why, and so what it came to. Most often the client has left.
  virtual Status CancelReason() const {
    return MakeError(StatusCode::kCancelled, "the client left", ErrorInfo());
  }
};

}  // namespace mom

#endif  // MOM_ENGINE_EVENT_SINK_H_
