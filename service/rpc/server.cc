#include "service/rpc/server.h"

#include <grpc/grpc.h>
#include <grpc/support/log.h>
#include <grpcpp/security/server_credentials.h>
#include <sys/stat.h>

#include <boost/asio/post.hpp>
#include <chrono>
#include <utility>

#include "service/base/address.h"
#include "service/base/log.h"
#include "service/base/reasons.h"
#include "service/rpc/grpc_poller.h"
#include "service/rpc/listener.h"
#include "service/rpc/mom_service.h"
#include "service/rpc/reflection.h"

namespace mom {
namespace {

constexpr char kMomService[] = "mom.v1.MomService";

// How long a client may take to read its last message before its connection is cut.
constexpr std::chrono::seconds kLastWords{1};

// Clients may ping a silent stream, and an idle connection, this often.
constexpr int kMinPingIntervalMs = 5'000;

// gRPC's own lines, in our form. Its errors are mostly about single connections.
void LogGrpc(gpr_log_func_args* args) {
  const LogLevel level =
      args->severity == GPR_LOG_SEVERITY_ERROR ? LogLevel::kWarning : LogLevel::kDebug;
  Log(level, "grpc", {{"file", args->file}, {"message", args->message}});
}

// Sockets made while it lives are for the owner only.
class PrivateFiles {
 public:
  PrivateFiles() : old_(::umask(0177)) {}
  ~PrivateFiles() { ::umask(old_); }
  PrivateFiles(const PrivateFiles&) = delete;
  PrivateFiles& operator=(const PrivateFiles&) = delete;

 private:
  mode_t old_;
};

}  // namespace

StatusOr<std::unique_ptr<Server>> Server::Start(const ServerConfig& config, Engine& engine,
                                                Admission& admission, RunArchive& runs,
                                                EventLoopPool& pool) {
  gpr_set_log_function(LogGrpc);
  std::unique_ptr<Server> server(new Server(config, engine, admission, runs, pool));
  const Status status = server->Listen(config);
  if (!status.ok()) return status;
  server->OpenSlots();
  return server;
}

Server::Server(const ServerConfig& config, Engine& engine, Admission& admission, RunArchive& runs,
               EventLoopPool& pool)
    : queue_(builder_.AddCompletionQueue()), tags_(std::make_unique<GrpcPoller>(*queue_)) {
  for (int i = 0; i < pool.size(); ++i) {
    hosts_.push_back(std::make_unique<CallHost>(
        CallHost{pool.at(i), *queue_, gate_, admission, config.slow_reader_timeout}));
  }
  const std::vector<std::string> names = {kMomService, "grpc.health.v1.Health",
                                          "grpc.reflection.v1.ServerReflection",
                                          "grpc.reflection.v1alpha.ServerReflection"};
  auto health = std::make_unique<HealthService>(std::vector<std::string>{kMomService});
  health_ = health.get();
  services_.push_back(std::make_unique<MomService>(engine, runs, config.heartbeat));
  services_.push_back(std::move(health));
  services_.push_back(MakeReflectionV1(names));
  services_.push_back(MakeReflectionV1Alpha(names));
  tags_.Start();
}

Server::~Server() { Stop(); }

void Server::Configure(const ServerConfig& config) {
  builder_.SetMaxReceiveMessageSize(static_cast<int>(config.max_request_bytes));
  builder_.SetMaxSendMessageSize(-1);
  builder_.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder_.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              kMinPingIntervalMs);
  builder_.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  for (const auto& service : services_) builder_.RegisterService(&service->service());
}

Status Server::Listen(const ServerConfig& config) {
  Configure(config);
  std::vector<int> ports(config.listen.size(), 0);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const Status prepared = PrepareListener(config.listen[i]);
    if (!prepared.ok()) return prepared;
    builder_.AddListeningPort(config.listen[i], grpc::InsecureServerCredentials(), &ports[i]);
  }
  {
    const PrivateFiles only_ours;
    server_ = builder_.BuildAndStart();
  }
  for (std::size_t i = 0; i < ports.size(); ++i) {
    // gRPC binds in order and stops at the first that fails.
    if (ports[i] <= 0) {
      return CannotListen(config.listen[i],
                          "in use by another process, or no address of this machine; stop that "
                          "process, or write another port in `server.listen`");
    }
    addresses_.push_back(BoundAddress(config.listen[i], ports[i]));
  }
  if (server_ == nullptr) {
    return MakeError(StatusCode::kInternal, "the gRPC server does not start", reason::kInternal);
  }
  return Status();
}

void Server::OnEachLoop(std::function<void(CallHost&)> work) {
  for (const auto& host : hosts_) {
    gate_.AddSlot();
    asio::post(host->loop.context(), [this, work, &host = *host] {
      work(host);
      gate_.RemoveSlot();
    });
  }
}

void Server::OpenSlots() {
  OnEachLoop([this](CallHost& host) {
    for (const auto& service : services_) {
      service->OpenSlots(host, static_cast<int>(hosts_.size()));
    }
  });
}

void Server::Drain(std::function<void()> drained) {
  health_->SetServing(false);
  gate_.Close(std::move(drained));
}

void Server::Stop() {
  if (stopped_) return;
  stopped_ = true;
  Drain([] {});
  OnEachLoop([](CallHost& host) {
    // A copy: a call that ends takes itself out.
    const std::vector<Call*> calls(host.calls.begin(), host.calls.end());
    for (Call* call : calls) {
      call->Abort(ShuttingDown());
    }
  });
  if (server_) server_->Shutdown(std::chrono::system_clock::now() + kLastWords);
  gate_.WaitForSlots();
  queue_->Shutdown();
  tags_.Join();
}

}  // namespace mom
