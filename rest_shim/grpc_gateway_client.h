// Reaches the service over gRPC.
#ifndef MOM_REST_SHIM_GRPC_GATEWAY_CLIENT_H_
#define MOM_REST_SHIM_GRPC_GATEWAY_CLIENT_H_

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "rest_shim/gateway_client.h"

namespace mom::rest {

// `service`: "HOST:PORT" or "unix:PATH". `timeout`: the deadline of every answer. The client starts
// one thread, which polls gRPC's completion queue; callbacks and coroutines run on `executor`.
// Destroyed on the loop's thread when the loop no longer runs, and before its io_context.
std::unique_ptr<GatewayClient> MakeGrpcGatewayClient(boost::asio::any_io_executor executor,
                                                     const std::string& service,
                                                     std::chrono::milliseconds timeout);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_GRPC_GATEWAY_CLIENT_H_
