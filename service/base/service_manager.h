// What the service manager that started this process is told: systemd's notification protocol.
#ifndef MOM_BASE_SERVICE_MANAGER_H_
#define MOM_BASE_SERVICE_MANAGER_H_

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/environment.h"

namespace mom {

namespace asio = boost::asio;

// Speaks to the socket that NOTIFY_SOCKET names; does nothing where it names none. What cannot be
// sent is logged and lost: a sign of life at once, a change of state, which comes seldom and must
// not be missed, after a tenth of a second. Thread-safe.
class ServiceManager {
 public:
  // Reads NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID.
  explicit ServiceManager(const EnvLookup& env);

  // Everything listens; also the end of a reload, whatever came of it.
  void Ready() const;
  // A new config is being read.
  void Reloading() const;
  // A drain has begun. A reload during it is nothing to tell of: Ready() would say that all goes
  // on.
  void Stopping() const;
  // The process is in order. Expected every `watchdog_interval` where that is set: one that says
  // nothing for twice as long is killed.
  void Alive() const;
  std::optional<std::chrono::microseconds> watchdog_interval() const { return interval_; }

 private:
  void Send(std::string_view state, bool waits = true) const;

  mutable std::atomic<bool> stopping_{false};

  std::string socket_;  // a path, or '@' and an abstract name; empty: none
  std::optional<std::chrono::microseconds> interval_;
};

// Says Alive() at once and every `watchdog_interval`, each time after `home` and all `loops` have
// turned: the service manager hears nothing as soon as one of them hangs. Does nothing where nobody
// wants to hear it; else `home` has work until it is stopped. The manager and `loops` must live
// until then.
void KeepAlive(asio::io_context& home, const ServiceManager& manager,
               std::vector<asio::any_io_executor> loops);

}  // namespace mom

#endif  // MOM_BASE_SERVICE_MANAGER_H_
