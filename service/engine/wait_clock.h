// How long a model was waited for.
#ifndef MOM_ENGINE_WAIT_CLOCK_H_
#define MOM_ENGINE_WAIT_CLOCK_H_

#include <optional>

#include "service/base/deadline.h"

namespace mom {

// Adds up the waits for one model. What its reader does in between, such as waiting for a slow
// client, is not the model's time. Time is an argument. Not thread-safe.
class WaitClock {
 public:
  using Time = Deadline::Clock::time_point;

  void Start(Time now) { since_ = now; }
  void Stop(Time now) {
    waited_ = Waited(now);
    since_.reset();
  }
  // The one that goes on included.
  Deadline::Duration Waited(Time now) const { return since_ ? waited_ + (now - *since_) : waited_; }

 private:
  Deadline::Duration waited_{};
  std::optional<Time> since_;  // a wait goes on
};

}  // namespace mom

#endif  // MOM_ENGINE_WAIT_CLOCK_H_
