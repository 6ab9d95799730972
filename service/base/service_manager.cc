#include "service/base/service_manager.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <cstddef>
#include <cstring>

#include "service/base/async_event.h"
#include "service/base/log.h"
#include "service/base/units.h"

namespace mom {
namespace {

// Longest wait for a manager whose queue is full.
constexpr timeval kMostWait{.tv_sec = 0, .tv_usec = 100'000};

// The error number; 0: sent. Where the queue is full: `waits` for a moment, or gives up at once.
int SendDatagram(const std::string& socket, std::string_view text, bool waits) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (socket.size() >= sizeof name.sun_path) return ENAMETOOLONG;
  std::memcpy(name.sun_path, socket.data(), socket.size());
  if (socket.starts_with('@')) name.sun_path[0] = '\0';
  const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + socket.size());
  const int fd = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  ::setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &kMostWait, sizeof kMostWait);
  const ssize_t sent =
      ::sendto(fd, text.data(), text.size(), MSG_NOSIGNAL | (waits ? 0 : MSG_DONTWAIT),
               reinterpret_cast<const sockaddr*>(&name), size);
  const int error = sent < 0 ? errno : 0;
  ::close(fd);
  return error;
}

std::optional<std::chrono::microseconds> WatchdogInterval(const EnvLookup& env) {
  const std::optional<std::string> pid = env("WATCHDOG_PID");
  if (pid && *pid != std::to_string(::getpid())) return std::nullopt;  // meant for our parent
  const std::optional<std::int64_t> limit = ParseInteger(env("WATCHDOG_USEC").value_or(""));
  if (!limit || *limit <= 0) return std::nullopt;
  return std::chrono::microseconds(*limit) / 2;
}

asio::awaitable<void> PingForever(const ServiceManager& manager, std::chrono::microseconds interval,
                                  std::vector<asio::any_io_executor> loops) {
  for (;;) {
    // Each post resumes this coroutine on its own loop, by way of the other one.
    for (const auto& loop : loops) co_await asio::post(loop, asio::use_awaitable);
    manager.Alive();
    co_await SleepUntil(Deadline::After(interval));
  }
}

}  // namespace

ServiceManager::ServiceManager(const EnvLookup& env) : socket_(env("NOTIFY_SOCKET").value_or("")) {
  if (!socket_.empty()) interval_ = WatchdogInterval(env);
}

void ServiceManager::Ready() const {
  if (!stopping_) Send("READY=1");
}

void ServiceManager::Reloading() const {
  if (stopping_) return;
  // The time, on the monotonic clock, is what later versions of systemd match with the READY.
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  const auto usec = std::chrono::duration_cast<std::chrono::microseconds>(now).count();
  Send("RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec));
}

void ServiceManager::Stopping() const {
  stopping_ = true;
  Send("STOPPING=1");
}

void ServiceManager::Alive() const { Send("WATCHDOG=1", /*waits=*/false); }

void ServiceManager::Send(std::string_view state, bool waits) const {
  if (socket_.empty()) return;
  const int error = SendDatagram(socket_, state, waits);
  if (error == 0) return;
  Log(LogLevel::kWarning, "service_manager.unreachable",
      {{"socket", std::string_view(socket_)}, {"error", std::string_view(std::strerror(error))}});
}

void KeepAlive(asio::io_context& home, const ServiceManager& manager,
               std::vector<asio::any_io_executor> loops) {
  const auto interval = manager.watchdog_interval();
  if (!interval) return;
  asio::co_spawn(home, PingForever(manager, *interval, std::move(loops)), asio::detached);
}

}  // namespace mom
