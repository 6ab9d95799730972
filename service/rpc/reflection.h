// Server reflection: tells tools which services and messages there are.
#ifndef MOM_RPC_REFLECTION_H_
#define MOM_RPC_REFLECTION_H_

#include <memory>
#include <string>
#include <vector>

#include "service/rpc/rpc_service.h"

namespace mom {

// Both versions of the protocol, which differ in the package's name only: newer tools try v1 first,
// some know only v1alpha. Answers come from the generated descriptor pool. Not gRPC's own plugin,
// which is synchronous and brings threads. `services`: full names of those that the server has.
std::unique_ptr<RpcService> MakeReflectionV1(std::vector<std::string> services);
std::unique_ptr<RpcService> MakeReflectionV1Alpha(std::vector<std::string> services);

}  // namespace mom

#endif  // MOM_RPC_REFLECTION_H_
