#include "service/wait_for_end.h"

#include <boost/asio/steady_timer.hpp>

#include "service/base/log.h"

namespace mom {

void WaitForEnd(asio::io_context& loop, asio::signal_set& signals, Server& server,
                const ServiceManager& manager, const Config& config) {
  asio::steady_timer timer(loop);
  signals.async_wait([&](const boost::system::error_code&, int) {
    manager.Stopping();
    const std::chrono::milliseconds drain_timeout = config.server.drain_timeout;
    Log(LogLevel::kInfo, "draining", {{"timeout_ms", std::int64_t{drain_timeout.count()}}});
    signals.async_wait([&](const boost::system::error_code&, int) { loop.stop(); });
    timer.expires_after(drain_timeout);
    timer.async_wait([&](const boost::system::error_code&) { loop.stop(); });
    server.Drain([&loop] { loop.stop(); });
  });
  loop.run();
}

}  // namespace mom
