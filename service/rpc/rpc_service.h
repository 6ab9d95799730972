// A gRPC service of the server.
#ifndef MOM_RPC_RPC_SERVICE_H_
#define MOM_RPC_RPC_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include "service/rpc/call.h"

namespace mom {

// Must outlive the server's calls.
class RpcService {
 public:
  virtual ~RpcService() = default;
  // For the server's builder.
  virtual grpc::Service& service() = 0;
  // Opens this loop's share of the slots of each method; `loops` loops do so. On the host's loop.
  virtual void OpenSlots(CallHost& host, int loops) = 0;
};

// Opens a loop's share of `slots`.
template <typename Served>
void OpenSlotsOf(const typename Served::Method& method, int slots, CallHost& host, int loops) {
  const int share = (slots + loops - 1) / loops;
  for (int i = 0; i < share; ++i) Call::Open(std::make_unique<Served>(host, method));
}

}  // namespace mom

#endif  // MOM_RPC_RPC_SERVICE_H_
