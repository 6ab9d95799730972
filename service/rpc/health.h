// The service grpc.health.v1.Health.
#ifndef MOM_RPC_HEALTH_H_
#define MOM_RPC_HEALTH_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "grpc/health/v1/health.grpc.pb.h"
#include "service/base/async_event.h"
#include "service/rpc/method_calls.h"
#include "service/rpc/rpc_service.h"

namespace mom {

// All services have the one state of the process. Not gRPC's own, which brings polling threads.
class HealthService final : public RpcService {
 public:
  // `services`: the names that are known, beside "" for the whole server.
  explicit HealthService(std::vector<std::string> services);
  grpc::Service& service() override { return service_; }
  void OpenSlots(CallHost& host, int loops) override;

  // Serving at first. Watchers are told. Thread-safe.
  void SetServing(bool serving);

 private:
  using Api = grpc::health::v1::Health;
  using Response = grpc::health::v1::HealthCheckResponse;

  // A Watch call that waits for a change; its event lives on its loop.
  struct Watcher {
    asio::any_io_executor executor;
    std::weak_ptr<AsyncEvent> changed;
  };

  asio::awaitable<Status> Check(UnaryCall& call);
  asio::awaitable<Status> Watch(StreamCall& call);
  bool Knows(const std::string& service) const;
  Response Now() const;
  std::shared_ptr<AsyncEvent> AddWatcher(const asio::any_io_executor& executor);

  const std::vector<std::string> services_;
  std::atomic<bool> serving_{true};
  std::mutex mutex_;
  std::vector<Watcher> watchers_;  // guarded by mutex_
  Api::WithRawMethod_Check<Api::WithRawMethod_Watch<Api::Service>> service_;
  UnaryCall::Method check_;
  StreamCall::Method watch_;
};

}  // namespace mom

#endif  // MOM_RPC_HEALTH_H_
