// What travels beside the messages.
#ifndef MOM_RPC_METADATA_H_
#define MOM_RPC_METADATA_H_

#include <grpcpp/server_context.h>

#include <string>

#include "service/base/deadline.h"

namespace mom {

inline constexpr char kRequestIdKey[] = "x-request-id";

// The id that the call's metadata gives, else `from_message`, else a new one; malformed ones do not
// count.
std::string RequestIdOf(const grpc::ServerContext& context, const std::string& from_message);

// The client's deadline.
Deadline DeadlineOf(const grpc::ServerContext& context);

}  // namespace mom

#endif  // MOM_RPC_METADATA_H_
