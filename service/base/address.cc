#include "service/base/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <filesystem>
#include <optional>

#include "service/base/units.h"

namespace mom {
namespace {

constexpr std::string_view kUnix = "unix:";
// A socket's path must fit into the system's structure, with its final NUL.
constexpr std::size_t kMostPathBytes = sizeof(sockaddr_un::sun_path) - 1;

std::string CheckUnixAddress(const std::string& directory, std::string& address) {
  const std::string written = address.substr(kUnix.size());
  if (written.empty()) return "a path is missing; write \"unix:PATH\"";
  const std::string path = ResolvePath(directory, written);
  if (path.size() > kMostPathBytes) {
    return "the socket's path has " + std::to_string(path.size()) +
           " bytes, and the system takes " + std::to_string(kMostPathBytes) +
           "; write a shorter path, such as one in /tmp";
  }
  address = std::string(kUnix) + path;
  return {};
}

}  // namespace

bool IsLoopbackHost(std::string_view host) {
  if (host == "localhost") return true;
  const std::string text(host);
  in_addr v4{};
  if (inet_pton(AF_INET, text.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  return inet_pton(AF_INET6, text.c_str(), &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

std::string ResolvePath(const std::string& directory, const std::string& path) {
  if (directory.empty() || path.empty()) return path;
  return (std::filesystem::path(directory) / path).lexically_normal().string();
}

std::string CheckAddress(const std::string& directory, bool unix_allowed, std::string& address) {
  const std::string local = unix_allowed ? "127.0.0.1:PORT or unix:PATH" : "127.0.0.1:PORT";
  if (unix_allowed && address.starts_with(kUnix)) return CheckUnixAddress(directory, address);
  if (address.find("://") != std::string::npos) return "is a URL; write " + local;
  const std::size_t colon = address.rfind(':');
  if (colon == std::string::npos) return "a port is missing; write " + local;
  std::string_view host = std::string_view(address).substr(0, colon);
  const bool bracketed = host.starts_with('[') && host.ends_with(']');
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (!bracketed && host.find(':') != std::string_view::npos) {
    return "an IPv6 address must stand in brackets; write \"[::1]:PORT\"";
  }
  const std::optional<std::int64_t> port = ParseInteger(address.substr(colon + 1));
  if (!port || *port < 0 || *port > 65535) {
    return "the port is not a number from 0 to 65535; write " + local;
  }
  if (!IsLoopbackHost(host)) {
    return "the host is not this machine alone, which needs TLS and keys, and these are not there "
           "yet; write " +
           local;
  }
  return {};
}

std::string BoundAddress(const std::string& address, int port) {
  if (address.starts_with(kUnix)) return address;
  return address.substr(0, address.rfind(':') + 1) + std::to_string(port);
}

std::string AddressInUse(const std::string& address, const std::string& config_key) {
  const std::string what = address.starts_with(kUnix) ? "path" : "port";
  return "another process listens there; stop it, or write another " + what + " in `" + config_key +
         "`";
}

}  // namespace mom
