#include "service/rpc/listener.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace mom {
namespace {

constexpr std::string_view kUnixPrefix = "unix:";

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
  if (HasListener(name)) return CannotListen(address, "another process listens on it");
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return Status();
  return CannotListen(address,
                      std::string("the old socket cannot be removed: ") + std::strerror(errno));
}

}  // namespace

Status CannotListen(const std::string& address, const std::string& why) {
  ErrorInfo info;
  info.metadata["config_key"] = "server.listen";
  return MakeError(StatusCode::kFailedPrecondition,
                   "server.listen: cannot listen on " + address + ": " + why, std::move(info));
}

Status PrepareListener(const std::string& address) {
  if (!address.starts_with(kUnixPrefix)) return Status();
  const std::string path = address.substr(kUnixPrefix.size());
  const Status made = MakePrivateDirectory(std::filesystem::path(path).parent_path(), address);
  if (!made.ok()) return made;
  return ClearSocketPath(path, address);
}

std::string BoundAddress(const std::string& address, int port) {
  if (address.starts_with(kUnixPrefix)) return address;
  return address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

}  // namespace mom
