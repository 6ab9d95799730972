#include "service/rpc/run_call.h"

#include <utility>

#include "service/engine/self.h"
#include "service/rpc/metadata.h"
#include "service/rpc/request_log.h"

namespace mom {
namespace {

// What a request holds beside its text: the call, and for each model that is asked at a time a
// transfer with its buffers and what has come of the answer.
constexpr std::int64_t kBytesOfACall = 64 * 1024;

// What a request is going to hold. Its text is there as it came, once more as the conversation that
// all its calls share, and once in the body of each call that is under way.
std::int64_t WeightOf(const RunRequest& request, std::int64_t message_bytes, const Engine& engine) {
  const std::shared_ptr<const EngineSnapshot> snapshot = engine.snapshot();
  const MixtureConfig* const mixture =
      snapshot->mixtures.Find(request.model.empty() ? kDefaultMixture : request.model);
  std::int64_t calls = 1;
  if (mixture != nullptr) {
    const bool samples = mixture->strategy == kSelf;
    calls = static_cast<std::int64_t>((samples ? SamplesOf(*mixture) : mixture->members).size());
  }
  return (calls + 1) * kBytesOfACall + (calls + 2) * message_bytes;
}

// Writes the log line of a request that ends before it runs.
class Preparation {
 public:
  Preparation(const Call& call, std::string id, std::uint64_t config_generation)
      : call_(call), id_(std::move(id)), config_generation_(config_generation) {}
  ~Preparation() {
    const Status status = status_ ? *status_ : call_.CancelReason();
    if (!status.ok()) LogRefused(id_, TraceOf(call_.context()), status, config_generation_);
  }
  Preparation(const Preparation&) = delete;
  Preparation& operator=(const Preparation&) = delete;

  // OK: the request runs from now on.
  Status End(Status status) {
    status_ = status;
    return status;
  }

 private:
  const Call& call_;
  const std::string id_;
  const std::uint64_t config_generation_;
  std::optional<Status> status_;  // none where it was cancelled
};

// Gives the request what the call knows beside the message, and waits until it may run.
asio::awaitable<Status> Prepare(Call& call, const Engine& engine, std::int64_t message_bytes,
                                std::string message_request_id, StatusOr<RunRequest>& request) {
  const std::string id = RequestIdOf(call.context(), message_request_id);
  call.set_request_id(id);
  call.context().AddInitialMetadata(kRequestIdKey, id);
  Preparation preparation(call, id, engine.snapshot()->generation);
  if (!request.ok()) co_return preparation.End(request.status());
  StatusOr<std::optional<ContractChoice>> contract = ContractOf(call.context());
  if (!contract.ok()) co_return preparation.End(contract.status());
  request->contract = *contract;
  request->request_id = id;
  request->trace = TraceOf(call.context());
  request->deadline = DeadlineOf(call.context());
  // Waiting takes of the request's time.
  if (request->timeout) {
    request->deadline = Deadline::Earliest(request->deadline, Deadline::After(*request->timeout));
  }
  const std::int64_t weight = WeightOf(*request, message_bytes, engine);
  Status placed = co_await call.TakePlace(weight, request->deadline);
  co_return preparation.End(std::move(placed));
}

}  // namespace

asio::awaitable<Status> RunUnary(UnaryCall& call, Engine& engine, StatusOr<RunRequest> request,
                                 std::string message_request_id, EncodeAnswer encode) {
  const std::int64_t bytes = call.request_bytes();
  Status status = co_await Prepare(call, engine, bytes, std::move(message_request_id), request);
  if (!status.ok()) co_return status;
  AnswerKeeper sink(call);
  RunRequest run = *std::move(request);
  status = co_await engine.Run(std::move(run), call.loop().http(), sink);
  if (status.ok()) call.SetResponse(*encode(*sink.answer()));
  co_return status;
}

asio::awaitable<Status> RunStream(StreamCall& call, Engine& engine, StatusOr<RunRequest> request,
                                  std::string message_request_id,
                                  std::chrono::milliseconds heartbeat, EventWriter::Encode encode) {
  EventWriter sink(call, heartbeat, std::move(encode));
  const std::int64_t bytes = call.request_bytes();
  Status status = co_await Prepare(call, engine, bytes, std::move(message_request_id), request);
  if (!status.ok()) co_return status;
  RunRequest run = *std::move(request);
  run.streaming = true;
  co_return co_await engine.Run(std::move(run), call.loop().http(), sink);
}

}  // namespace mom
