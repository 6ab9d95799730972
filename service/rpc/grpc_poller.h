// gRPC's completion queue as the polling thread sees it.
#ifndef MOM_RPC_GRPC_POLLER_H_
#define MOM_RPC_GRPC_POLLER_H_

#include <grpcpp/completion_queue.h>

#include "service/base/tag_source.h"

namespace mom {

// Does not own the queue, which must outlive it.
class GrpcPoller final : public TagPoller {
 public:
  explicit GrpcPoller(grpc::CompletionQueue& queue) : queue_(queue) {}
  bool Next(void** tag, bool* ok) override { return queue_.Next(tag, ok); }

 private:
  grpc::CompletionQueue& queue_;
};

}  // namespace mom

#endif  // MOM_RPC_GRPC_POLLER_H_
