// What travels beside the messages.
#ifndef MOM_RPC_METADATA_H_
#define MOM_RPC_METADATA_H_

#include <grpcpp/server_context.h>

#include <optional>
#include <string>

#include "service/base/deadline.h"
#include "service/base/trace_context.h"

namespace mom {

inline constexpr char kRequestIdKey[] = "x-request-id";

// The id that the call's metadata gives, else `from_message`, else a new one; malformed ones do not
// count.
std::string RequestIdOf(const grpc::ServerContext& context, const std::string& from_message);

// The trace that the call's metadata names (`traceparent`); a malformed one does not count.
std::optional<TraceContext> TraceOf(const grpc::ServerContext& context);

// The client's deadline.
Deadline DeadlineOf(const grpc::ServerContext& context);

}  // namespace mom

#endif  // MOM_RPC_METADATA_H_
