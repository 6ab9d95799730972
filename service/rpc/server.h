// The gRPC server.
#ifndef MOM_RPC_SERVER_H_
#define MOM_RPC_SERVER_H_

#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "service/base/tag_source.h"
#include "service/engine/engine.h"
#include "service/net/event_loop.h"
#include "service/rpc/admission.h"
#include "service/rpc/call.h"
#include "service/rpc/get_run.h"
#include "service/rpc/health.h"
#include "service/rpc/rpc_service.h"
#include "service/rpc/server_config.h"

namespace mom {

// Serves MomService, health and reflection on one completion queue with one polling thread; calls
// live on the loops of the pool. Engine, admission, runs and pool must outlive it, and the pool
// must run.
class Server {
 public:
  // Listens on all addresses of the config, or gives an error that names the one that failed.
  static StatusOr<std::unique_ptr<Server>> Start(const ServerConfig& config, Engine& engine,
                                                 Admission& admission, RunArchive& runs,
                                                 EventLoopPool& pool);
  ~Server();  // Stop()

  // Those of the config, with the ports that were bound.
  const std::vector<std::string>& addresses() const { return addresses_; }
  // Says NOT_SERVING, and refuses new requests with SHUTTING_DOWN. `drained` is called once,
  // on any thread, when no request is under way; it must not block. Thread-safe.
  void Drain(std::function<void()> drained);
  // Cancels what is under way (the clients get SHUTTING_DOWN) and returns when all calls are over.
  // Not on a loop.
  void Stop();

 private:
  Server(const ServerConfig& config, Engine& engine, Admission& admission, RunArchive& runs,
         EventLoopPool& pool);
  Status Listen(const ServerConfig& config);
  void Configure(const ServerConfig& config);
  void OpenSlots();
  // Runs `work` once on each loop; Stop() waits for that too.
  void OnEachLoop(std::function<void(CallHost&)> work);

  CallGate gate_;
  grpc::ServerBuilder builder_;
  std::unique_ptr<grpc::ServerCompletionQueue> queue_;
  std::vector<std::unique_ptr<CallHost>> hosts_;  // one a loop
  std::vector<std::unique_ptr<RpcService>> services_;
  HealthService* health_ = nullptr;  // one of services_
  std::unique_ptr<grpc::Server> server_;
  std::vector<std::string> addresses_;
  TagSource tags_;
  bool stopped_ = false;
};

}  // namespace mom

#endif  // MOM_RPC_SERVER_H_
