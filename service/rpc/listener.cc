#include "service/rpc/listener.h"

#include <netdb.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <memory>

#include "service/base/address.h"

namespace mom {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";
constexpr char kConfigKey[] = "server.listen";

// As mkdir -p, but for the owner only.
Status MakePrivateDirectory(const std::filesystem::path& path, const std::string& address) {
  std::error_code error;
  if (path.empty() || std::filesystem::is_directory(path, error)) return Status();
  const Status parent = MakePrivateDirectory(path.parent_path(), address);
  if (!parent.ok()) return parent;
  if (::mkdir(path.c_str(), 0700) == 0 || errno == EEXIST) return Status();
  return CannotListen(
      address, "the directory " + path.string() + " cannot be made: " + std::strerror(errno));
}

// Whether a process accepts connections on the socket.
bool HasListener(const sockaddr_un& name) {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return false;
  const int result = ::connect(fd, reinterpret_cast<const sockaddr*>(&name), sizeof name);
  // EAGAIN: its queue is full.
  const bool listens = result == 0 || errno == EAGAIN;
  ::close(fd);
  return listens;
}

Status ClearSocketPath(const std::string& path, const std::string& address) {
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof name.sun_path) {
    return CannotListen(
        address, "the path must have 1 to " + std::to_string(sizeof name.sun_path - 1) + " bytes");
  }
  std::memcpy(name.sun_path, path.c_str(), path.size() + 1);
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return Status();
  if (!S_ISSOCK(info.st_mode)) return CannotListen(address, "a file that is no socket is there");
  if (HasListener(name)) return CannotListen(address, AddressInUse(address, kConfigKey));
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return Status();
  return CannotListen(address,
                      std::string("the old socket cannot be removed: ") + std::strerror(errno));
}

// Binds, and gives the errno of the failure; 0: none.
int TryBind(const addrinfo& at) {
  const int fd = ::socket(at.ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return errno;
  const int on = 1;  // as gRPC does: what a dead process left behind is no obstacle
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  const int error = ::bind(fd, at.ai_addr, at.ai_addrlen) == 0 ? 0 : errno;
  ::close(fd);
  return error;
}

Status CheckPort(const std::string& address) {
  const std::size_t colon = address.rfind(':');
  std::string host = address.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | AI_PASSIVE;
  addrinfo* found = nullptr;
  const int failure =
      ::getaddrinfo(host.c_str(), address.substr(colon + 1).c_str(), &hints, &found);
  if (failure != 0) return CannotListen(address, ::gai_strerror(failure));
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
  int error = 0;
  bool any_bound = false;
  for (const addrinfo* at = found; at != nullptr && error != EADDRINUSE; at = at->ai_next) {
    const int this_error = TryBind(*at);
    any_bound = any_bound || this_error == 0;
    if (this_error != 0) error = this_error;
  }
  if (error == EADDRINUSE) return CannotListen(address, AddressInUse(address, kConfigKey));
  return any_bound ? Status() : CannotListen(address, std::strerror(error));
}

}  // namespace

Status CannotListen(const std::string& address, const std::string& why) {
  ErrorInfo info;
  info.metadata["config_key"] = kConfigKey;
  return MakeError(StatusCode::kFailedPrecondition,
                   std::string(kConfigKey) + ": cannot listen on " + address + ": " + why,
                   std::move(info));
}

Status PrepareListener(const std::string& address) {
  if (!address.starts_with(kUnixPrefix)) return CheckPort(address);
  const std::string path = address.substr(kUnixPrefix.size());
  const Status made = MakePrivateDirectory(std::filesystem::path(path).parent_path(), address);
  if (!made.ok()) return made;
  return ClearSocketPath(path, address);
}

}  // namespace mom
