// The addresses on which the server listens.
#ifndef MOM_RPC_LISTENER_H_
#define MOM_RPC_LISTENER_H_

#include <string>

#include "service/base/status.h"

namespace mom {

// Makes room for the socket of "unix:PATH": its directory is made with mode 0700, and a socket that
// a dead process left is unlinked. An error where something listens on it, or another kind of file
// is there. "HOST:PORT" is bound once and let go of: gRPC would not say why it cannot be. Errors
// name the address and `server.listen`.
Status PrepareListener(const std::string& address);

// The error of an address that could not be bound.
Status CannotListen(const std::string& address, const std::string& why);

}  // namespace mom

#endif  // MOM_RPC_LISTENER_H_
