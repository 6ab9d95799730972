// A gRPC status, with the google.rpc details that momd attaches, as MoM's failure value.
#ifndef MOM_REST_SHIM_RPC_STATUS_H_
#define MOM_REST_SHIM_RPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "service/base/status.h"

namespace mom::rest {

// OK gives OK. kUnavailable without details comes from gRPC itself: reason SERVICE_UNREACHABLE.
Status FromGrpcStatus(const grpc::Status& status);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_RPC_STATUS_H_
