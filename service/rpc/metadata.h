// What travels beside the messages.
#ifndef MOM_RPC_METADATA_H_
#define MOM_RPC_METADATA_H_

#include <grpcpp/server_context.h>

#include <optional>
#include <string>

#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/base/trace_context.h"
#include "service/contract/contract_kind.h"

namespace mom {

inline constexpr char kRequestIdKey[] = "x-request-id";

// The id that the call's metadata gives, else `from_message`, else a new one; malformed ones do not
// count.
std::string RequestIdOf(const grpc::ServerContext& context, const std::string& from_message);

// The trace that the call's metadata names (`traceparent`); a malformed one does not count.
std::optional<TraceContext> TraceOf(const grpc::ServerContext& context);

// The form of the answer that the call's metadata names (`x-mom-contract`); nullopt: none is named.
// INVALID_ARGUMENT, with all names, where there is no such form.
StatusOr<std::optional<ContractChoice>> ContractOf(const grpc::ServerContext& context);

// The client's deadline.
Deadline DeadlineOf(const grpc::ServerContext& context);

}  // namespace mom

#endif  // MOM_RPC_METADATA_H_
