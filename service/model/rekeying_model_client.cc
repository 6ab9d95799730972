#include "service/model/rekeying_model_client.h"

#include <mutex>
#include <optional>
#include <utility>

#include "service/base/log.h"
#include "service/base/reasons.h"
#include "service/model/key_file.h"

namespace mom {

class RekeyingModelClient::Keyed {
 public:
  Keyed(ProviderConfig provider, Make make)
      : provider_(std::move(provider)), make_(std::move(make)), client_(make_(provider_)) {}

  std::shared_ptr<ModelClient> client() {
    const std::lock_guard lock(mutex_);
    return client_;
  }

  // The client with a newer key than the one that was rejected; null: there is none.
  std::shared_ptr<ModelClient> Newer(const std::shared_ptr<ModelClient>& rejected) {
    const std::lock_guard lock(mutex_);
    if (client_ != rejected) return client_;
    // A small file, and only after a rejection, which the breaker keeps rare.
    StatusOr<Secret> key = ReadKeyFile(provider_.api_key_file);
    if (!key.ok() || *key == provider_.api_key) return nullptr;
    provider_.api_key = std::move(*key);
    client_ = make_(provider_);
    Log(LogLevel::kInfo, "key_reread", {{"provider", provider_.name}});
    return client_;
  }

 private:
  std::mutex mutex_;
  ProviderConfig provider_;  // guarded by mutex_
  const Make make_;
  std::shared_ptr<ModelClient> client_;  // guarded by mutex_
};

namespace {

class RekeyingStream final : public DeltaStream {
 public:
  RekeyingStream(std::shared_ptr<RekeyingModelClient::Keyed> keyed,
                 std::shared_ptr<const ChatRequest> request, CallContext context)
      : keyed_(std::move(keyed)),
        client_(keyed_->client()),
        request_(std::move(request)),
        context_(std::move(context)),
        stream_(client_->Complete(request_, context_)) {}

  asio::awaitable<StatusOr<std::optional<ChatDelta>>> Next() override {
    StatusOr<std::optional<ChatDelta>> next = co_await stream_->Next();
    const bool is_first = !std::exchange(has_begun_, true);
    if (!is_first || GetErrorInfo(next.status()).reason != reason::kUpstreamAuth) co_return next;
    const std::shared_ptr<ModelClient> newer = keyed_->Newer(client_);
    if (newer == nullptr) co_return next;
    ++context_.try_number;
    stream_ = newer->Complete(request_, context_);
    co_return co_await stream_->Next();
  }

 private:
  const std::shared_ptr<RekeyingModelClient::Keyed> keyed_;
  const std::shared_ptr<ModelClient> client_;
  const std::shared_ptr<const ChatRequest> request_;
  CallContext context_;
  std::unique_ptr<DeltaStream> stream_;
  bool has_begun_ = false;
};

}  // namespace

RekeyingModelClient::RekeyingModelClient(ProviderConfig provider, Make make)
    : keyed_(std::make_shared<Keyed>(std::move(provider), std::move(make))) {}

std::unique_ptr<DeltaStream> RekeyingModelClient::Complete(
    std::shared_ptr<const ChatRequest> request, CallContext context) {
  return std::make_unique<RekeyingStream>(keyed_, std::move(request), std::move(context));
}

}  // namespace mom
