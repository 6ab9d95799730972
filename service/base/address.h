// Where a server listens and where a client finds it.
#ifndef MOM_BASE_ADDRESS_H_
#define MOM_BASE_ADDRESS_H_

#include <string>
#include <string_view>

namespace mom {

// Whether `host` (an IPv6 address without its brackets) is this machine: localhost, 127.0.0.0/8 or
// ::1.
bool IsLoopbackHost(std::string_view host);

// `path` as seen from `directory`; an absolute path, an empty one, or one where no directory is
// given stays as it is.
std::string ResolvePath(const std::string& directory, const std::string& path);

// Checks an address of our own: "HOST:PORT" with a loopback host (IPv6 in brackets) or, where
// `unix_allowed`, "unix:PATH", whose path is then resolved. Gives what is wrong and what to write
// instead; empty: nothing.
std::string CheckAddress(const std::string& directory, bool unix_allowed, std::string& address);

// Such an address with the port that was bound, for where port 0 asked for any.
std::string BoundAddress(const std::string& address, int port);

// What to say of such an address that cannot be bound as it is taken: what to do, with the config
// key that changes it.
std::string AddressInUse(const std::string& address, const std::string& config_key);

}  // namespace mom

#endif  // MOM_BASE_ADDRESS_H_
