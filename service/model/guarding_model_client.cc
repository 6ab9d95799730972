#include "service/model/guarding_model_client.h"

#include <optional>
#include <string>
#include <utility>

#include "service/base/unit_random.h"

namespace mom {
namespace {

class GuardingStream final : public DeltaStream {
 public:
  using Guarded = GuardingModelClient::Guarded;

  GuardingStream(std::shared_ptr<const Guarded> guarded, std::shared_ptr<const ChatRequest> request,
                 CallContext context)
      : guarded_(std::move(guarded)), request_(std::move(request)), context_(std::move(context)) {}
  ~GuardingStream() override {
    stream_.reset();
    if (ticket_) guarded_->state->OnCancel(*ticket_, guarded_->now());
  }

  asio::awaitable<StatusOr<std::optional<ChatDelta>>> Next() override {
    if (!stream_) {
      const StatusOr<int> ticket = guarded_->state->Admit(guarded_->model, guarded_->now());
      if (!ticket.ok()) co_return Refused(ticket.status());
      ticket_ = *ticket;
      stream_ = guarded_->client->Complete(request_, context_);
    }
    StatusOr<std::optional<ChatDelta>> next = co_await stream_->Next();
    if (!next.ok() || !next->has_value()) {
      End(next.status());
    } else if (!std::exchange(answers_, true)) {
      guarded_->state->OnFirstToken(*ticket_, guarded_->model);
    }
    co_return next;
  }

 private:
  void End(const Status& status) {
    const int ticket = *std::exchange(ticket_, std::nullopt);
    guarded_->state->OnEnd(ticket, status, guarded_->model, guarded_->now(), UnitRandom());
  }

  Status Refused(const Status& refusal) const {
    const ModelConfig& model = guarded_->model;
    ErrorInfo info = GetErrorInfo(refusal);
    info.metadata["model"] = model.name;
    info.metadata["provider"] = model.provider;
    return MakeError(
        refusal.code(),
        "model `" + model.name + "` at provider `" + model.provider + "` " + MessageOf(refusal),
        std::move(info));
  }

  const std::shared_ptr<const Guarded> guarded_;
  const std::shared_ptr<const ChatRequest> request_;
  const CallContext context_;
  std::optional<int> ticket_;  // of a call that is under way
  std::unique_ptr<DeltaStream> stream_;
  bool answers_ = false;
};

}  // namespace

GuardingModelClient::GuardingModelClient(std::unique_ptr<ModelClient> inner, ModelConfig model,
                                         std::shared_ptr<TargetState> state, Now now)
    : guarded_(std::make_shared<const Guarded>(
          Guarded{std::move(inner), std::move(model), std::move(state), std::move(now)})) {}

std::unique_ptr<DeltaStream> GuardingModelClient::Complete(
    std::shared_ptr<const ChatRequest> request, CallContext context) {
  return std::make_unique<GuardingStream>(guarded_, std::move(request), std::move(context));
}

}  // namespace mom
