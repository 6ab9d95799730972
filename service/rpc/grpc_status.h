// Failures on their way out: Status with ErrorInfo -> what gRPC clients read.
#ifndef MOM_RPC_GRPC_STATUS_H_
#define MOM_RPC_GRPC_STATUS_H_

#include <grpcpp/support/status.h>

#include "google/rpc/status.pb.h"
#include "service/base/status.h"

namespace mom {

// The domain of every ErrorInfo that MoM sends.
inline constexpr char kErrorDomain[] = "mom.v1";

// Code one to one; the text is cut to 1 KiB and made valid UTF-8. Details, each where it has
// something to say: google.rpc.ErrorInfo, RetryInfo, BadRequest. The metadata that would make the
// details too large for an HTTP/2 trailer is left out.
google::rpc::Status ToRpcStatus(const Status& status);

// The same with the details as `grpc-status-details-bin`.
grpc::Status ToGrpcStatus(const Status& status);

}  // namespace mom

#endif  // MOM_RPC_GRPC_STATUS_H_
