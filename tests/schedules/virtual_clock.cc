#include "tests/schedules/virtual_clock.h"

#include <sys/timerfd.h>

#include <cerrno>

namespace {

// Not the clock's own zero: what is long ago must be sayable.
std::chrono::steady_clock::time_point virtual_now{std::chrono::hours(1000)};

}  // namespace

// In place of the library's.
std::chrono::steady_clock::time_point std::chrono::steady_clock::now() noexcept {
  return virtual_now;
}

// The kernel's timers keep the real time. Without them, Asio looks at the clock itself.
extern "C" int timerfd_create(clockid_t, int) noexcept {
  errno = EINVAL;
  return -1;
}

namespace mom::testing {

bool RunVirtually(boost::asio::io_context& context, std::chrono::milliseconds step,
                  std::chrono::milliseconds longest, const std::function<bool()>& is_over) {
  const auto end = virtual_now + longest;
  while (virtual_now < end) {
    context.restart();
    while (context.poll() > 0) {
    }
    if (is_over()) return true;
    virtual_now += step;
  }
  return false;
}

}  // namespace mom::testing
