#include "rest_shim/grpc_gateway_client.h"

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "grpc/health/v1/health.grpc.pb.h"
#include "mom/v1/mom_service.grpc.pb.h"
#include "rest_shim/rpc_set.h"
#include "service/base/async_event.h"
#include "service/base/reasons.h"

namespace mom::rest {
namespace {

using Event = v1::SynthesizeStreamResponse;

// Of calls that ask the service about itself.
constexpr std::chrono::seconds kShortTimeout{2};

// gRPC aborts the process on a value that it cannot send.
bool IsSendable(const std::string& value) {
  return !value.empty() && value.front() != ' ' && value.back() != ' ' &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

void SetMetadata(grpc::ClientContext& context, const CallMetadata& metadata) {
  const auto add = [&](const char* key, const std::string& value) {
    if (IsSendable(value)) context.AddMetadata(key, value);
  };
  add("x-request-id", metadata.request_id);
  add("traceparent", metadata.traceparent);
  add("authorization", metadata.authorization);
  // One that cannot be sent is not left out unseen: the service refuses it.
  if (!metadata.contract.empty()) {
    context.AddMetadata("x-mom-contract", IsSendable(metadata.contract) ? metadata.contract : "?");
  }
}

void SetTimeout(grpc::ClientContext& context, std::chrono::milliseconds timeout) {
  context.set_deadline(std::chrono::system_clock::now() + timeout);
}

// A call with one answer.
template <typename Response>
class UnaryRpc final : public Rpc {
 public:
  explicit UnaryRpc(RpcSet& set)
      : Rpc(set), finish_(set.inbox()), finished_(set.inbox().executor()) {}

  // `prepare`: what the stub's PrepareAsync method gave.
  void Start(std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> prepared) {
    reader_ = std::move(prepared);
    reader_->StartCall();
    reader_->Finish(&response_, &status_, Tag(finish_, [this](bool) { finished_.Set(); }));
  }
  AsyncEvent& finished() { return finished_; }
  StatusOr<Response> Take() {
    if (!status_.ok()) return Meaning(status_);
    return std::move(response_);
  }

 private:
  TagOp finish_;
  AsyncEvent finished_;
  Response response_;
  grpc::Status status_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<Response>> reader_;  // goes before the context
};

// A call that answers with events.
class StreamRpc final : public Rpc {
 public:
  explicit StreamRpc(RpcSet& set)
      : Rpc(set),
        start_(set.inbox()),
        read_(set.inbox()),
        finish_(set.inbox()),
        ready_(set.inbox().executor()) {}

  void Start(std::unique_ptr<grpc::ClientAsyncReader<Event>> prepared) {
    reader_ = std::move(prepared);
    reader_->StartCall(Tag(start_, [](bool) {}));
    Read();
    reader_->Finish(&status_, Tag(finish_, [this](bool) {
      finished_ = true;
      if (read_ended_) ready_.Set();
    }));
  }

  // Set while an event or the end can be taken.
  AsyncEvent& ready() { return ready_; }

  StatusOr<std::optional<Event>> Take() {
    if (read_ended_) {
      if (!status_.ok()) return Meaning(status_);
      return std::optional<Event>();
    }
    std::optional<Event> event(std::move(event_));
    event_.Clear();
    ready_.Clear();
    Read();
    return event;
  }

 private:
  void Read() {
    reader_->Read(&event_, Tag(read_, [this](bool ok) {
      read_ended_ = !ok;
      if (ok || finished_) ready_.Set();
    }));
  }

  TagOp start_;
  TagOp read_;
  TagOp finish_;
  AsyncEvent ready_;
  Event event_;
  grpc::Status status_;
  bool read_ended_ = false;
  bool finished_ = false;
  std::unique_ptr<grpc::ClientAsyncReader<Event>> reader_;  // goes before the context
};

class StreamedAnswer final : public AnswerStream {
 public:
  explicit StreamedAnswer(RpcHandle<StreamRpc> rpc) : rpc_(std::move(rpc)) {}
  asio::awaitable<bool> Ready(Deadline deadline) override { return rpc_->ready().Wait(deadline); }
  asio::awaitable<StatusOr<std::optional<Event>>> Next() override {
    co_await rpc_->ready().Wait();
    co_return rpc_->Take();
  }

 private:
  RpcHandle<StreamRpc> rpc_;
};

using SynthesizeRpc = UnaryRpc<v1::SynthesizeResponse>;

class WholeAnswer final : public AnswerStream {
 public:
  explicit WholeAnswer(RpcHandle<SynthesizeRpc> rpc) : rpc_(std::move(rpc)) {}
  asio::awaitable<bool> Ready(Deadline deadline) override {
    return rpc_->finished().Wait(deadline);
  }
  asio::awaitable<StatusOr<std::optional<Event>>> Next() override {
    if (taken_) co_return std::optional<Event>();
    co_await rpc_->finished().Wait();
    taken_ = true;
    StatusOr<v1::SynthesizeResponse> response = rpc_->Take();
    if (!response.ok()) co_return response.status();
    std::optional<Event> event(std::in_place);
    *event->mutable_completed() = *std::move(response);
    co_return event;
  }

 private:
  RpcHandle<SynthesizeRpc> rpc_;
  bool taken_ = false;
};

class GrpcPoller final : public TagPoller {
 public:
  explicit GrpcPoller(grpc::CompletionQueue& queue) : queue_(queue) {}
  bool Next(void** tag, bool* ok) override { return queue_.Next(tag, ok); }

 private:
  grpc::CompletionQueue& queue_;
};

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& service) {
  grpc::ChannelArguments args;
  // The filters left out cost as much as half the hop; deadlines are the one that is needed.
  args.SetInt(GRPC_ARG_MINIMAL_STACK, 1);
  args.SetInt(GRPC_ARG_ENABLE_DEADLINE_CHECKS, 1);
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetMaxReceiveMessageSize(-1);
  args.SetMaxSendMessageSize(-1);
  // A service that comes back is found within a second; one that does not answer counts as away
  // after as long.
  args.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  args.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  args.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  return grpc::CreateCustomChannel(service, grpc::InsecureChannelCredentials(), args);
}

class GrpcGatewayClient final : public GatewayClient {
 public:
  GrpcGatewayClient(asio::any_io_executor executor, const std::string& service,
                    std::chrono::milliseconds timeout)
      : timeout_(timeout),
        inbox_(std::move(executor)),
        rpcs_(inbox_),
        source_(std::make_unique<GrpcPoller>(queue_)),
        channel_(MakeChannel(service)),
        stub_(v1::MomService::NewStub(channel_)),
        health_(grpc::health::v1::Health::NewStub(channel_)) {
    source_.Start();
  }
  ~GrpcGatewayClient() override {
    rpcs_.CancelAll(MakeError(StatusCode::kCancelled, "mom-rest ends", ErrorInfo()));
    queue_.Shutdown();
    source_.Join();
  }

  std::unique_ptr<AnswerStream> SynthesizeStream(v1::SynthesizeStreamRequest request,
                                                 const CallMetadata& metadata) override {
    auto rpc = rpcs_.Make<StreamRpc>();
    SetMetadata(rpc->context(), metadata);
    SetTimeout(rpc->context(), timeout_);
    rpc->Start(stub_->PrepareAsyncSynthesizeStream(&rpc->context(), request, &queue_));
    return std::make_unique<StreamedAnswer>(std::move(rpc));
  }

  std::unique_ptr<AnswerStream> Synthesize(v1::SynthesizeRequest request,
                                           const CallMetadata& metadata) override {
    auto rpc = rpcs_.Make<SynthesizeRpc>();
    SetMetadata(rpc->context(), metadata);
    SetTimeout(rpc->context(), timeout_);
    rpc->Start(stub_->PrepareAsyncSynthesize(&rpc->context(), request, &queue_));
    return std::make_unique<WholeAnswer>(std::move(rpc));
  }

  asio::awaitable<StatusOr<v1::ListModelsResponse>> ListModels(CallMetadata metadata) override {
    auto rpc = rpcs_.Make<UnaryRpc<v1::ListModelsResponse>>();
    SetMetadata(rpc->context(), metadata);
    SetTimeout(rpc->context(), kShortTimeout);
    const v1::ListModelsRequest request;
    rpc->Start(stub_->PrepareAsyncListModels(&rpc->context(), request, &queue_));
    co_await rpc->finished().Wait();
    co_return rpc->Take();
  }

  void SetAnswerTimeout(std::chrono::milliseconds timeout) override { timeout_ = timeout; }

  void EndCalls(Status why) override { rpcs_.CancelAll(std::move(why)); }

  asio::awaitable<Status> CheckHealth() override {
    auto rpc = rpcs_.Make<UnaryRpc<grpc::health::v1::HealthCheckResponse>>();
    SetTimeout(rpc->context(), kShortTimeout);
    const grpc::health::v1::HealthCheckRequest request;
    rpc->Start(health_->PrepareAsyncCheck(&rpc->context(), request, &queue_));
    co_await rpc->finished().Wait();
    const auto response = rpc->Take();
    if (!response.ok()) co_return response.status();
    if (response->status() != grpc::health::v1::HealthCheckResponse::SERVING) {
      co_return MakeError(StatusCode::kUnavailable,
                          "The MoM service (momd) is shutting down and takes no new requests; ask "
                          "again once it is back, or use another instance.",
                          reason::kShuttingDown);
    }
    co_return Status();
  }

 private:
  std::chrono::milliseconds timeout_;
  grpc::CompletionQueue queue_;
  TagInbox inbox_;
  RpcSet rpcs_;
  TagSource source_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::MomService::Stub> stub_;
  std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

}  // namespace

std::unique_ptr<GatewayClient> MakeGrpcGatewayClient(asio::any_io_executor executor,
                                                     const std::string& service,
                                                     std::chrono::milliseconds timeout) {
  return std::make_unique<GrpcGatewayClient>(std::move(executor), service, timeout);
}

}  // namespace mom::rest
