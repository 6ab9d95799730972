#include "service/base/reload_trigger.h"

#include <boost/system/error_code.hpp>
#include <chrono>
#include <csignal>
#include <utility>

#include "service/base/log.h"

namespace mom {
namespace {

using std::chrono::milliseconds;

// Programs that write a file anew take several steps, each well below this.
constexpr milliseconds kQuiet{100};
constexpr milliseconds kLongest{500};

}  // namespace

ReloadTrigger::ReloadTrigger(asio::io_context& loop, std::vector<std::string> files,
                             std::function<std::vector<std::string>()> reload)
    : reload_(std::move(reload)),
      hangup_(loop, SIGHUP),
      watcher_(loop, Debounce(kQuiet, kLongest), [this] { Watch(reload_()); }) {
  Watch(std::move(files));
  AwaitHangup();
}

void ReloadTrigger::AwaitHangup() {
  hangup_.async_wait([this](const boost::system::error_code& error, int) {
    if (error) return;
    Watch(reload_());
    AwaitHangup();
  });
}

void ReloadTrigger::Watch(std::vector<std::string> files) {
  const Status status = watcher_.Watch(std::move(files));
  if (status.ok()) return;
  const std::string text = MessageOf(status);
  Log(LogLevel::kWarning, "config_not_watched",
      {{"error", text}, {"remedy", "send SIGHUP after a change"}});
}

}  // namespace mom
