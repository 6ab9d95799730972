// The one primitive on which coroutines of a loop wait for each other.
#ifndef MOM_BASE_ASYNC_EVENT_H_
#define MOM_BASE_ASYNC_EVENT_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "service/base/deadline.h"

namespace mom {

namespace asio = boost::asio;

// A latch that is set and cleared by code of the loop, and waited for by at most one coroutine of
// it at a time. Thread: its loop's only.
class AsyncEvent {
 public:
  explicit AsyncEvent(const asio::any_io_executor& executor) : timer_(executor) {}

  // Sets the latch and wakes the waiter.
  void Set() {
    set_ = true;
    timer_.cancel();
  }
  void Clear() { set_ = false; }
  bool IsSet() const { return set_; }

  // Suspends until the latch is set (true; the latch stays set) or the deadline passes (false).
  // Cancellation: throws boost::system::system_error(operation_aborted).
  asio::awaitable<bool> Wait(Deadline deadline = Deadline::Never());

 private:
  asio::steady_timer timer_;
  bool set_ = false;
};

// Suspends until the deadline. Cancellation: throws as AsyncEvent::Wait.
asio::awaitable<void> SleepUntil(Deadline deadline);

}  // namespace mom

#endif  // MOM_BASE_ASYNC_EVENT_H_
