#include "service/model/retrying_model_client.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <string_view>
#include <utility>

#include "service/base/async_event.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 9> kRetryable = {
    reason::kUpstreamDns,         reason::kUpstreamConnect,    reason::kUpstreamConnectionLost,
    reason::kUpstreamIncomplete,  reason::kConnectTimeout,     reason::kFirstTokenTimeout,
    reason::kUpstreamRateLimited, reason::kUpstreamOverloaded, reason::kUpstreamError};

// Uniform in [0, 1).
double UnitRandom() {
  thread_local std::minstd_rand generator(std::random_device{}());
  return std::uniform_real_distribution<double>()(generator);
}

// The provider may only have closed a connection that was idle, so once this is not held against
// it.
bool IsOfKeptConnection(const Status& error) {
  return GetErrorInfo(error).metadata.count("kept_connection") > 0;
}

class RetryingStream final : public DeltaStream {
 public:
  RetryingStream(std::shared_ptr<ModelClient> inner, RetryConfig retry,
                 std::shared_ptr<RetryBudget> budget, std::shared_ptr<const ChatRequest> request,
                 CallContext context)
      : inner_(std::move(inner)),
        retry_(retry),
        budget_(std::move(budget)),
        request_(std::move(request)),
        context_(std::move(context)) {}

  asio::awaitable<StatusOr<std::optional<ChatDelta>>> Next() override {
    while (true) {
      if (!stream_) Start();
      StatusOr<std::optional<ChatDelta>> next = co_await stream_->Next();
      if (next.ok()) {
        begun_ = true;
        co_return next;
      }
      const std::optional<Deadline> retry_at = TakeRetry(next.status());
      if (!retry_at) co_return next;
      stream_.reset();
      co_await SleepUntil(*retry_at);
      ++context_.try_number;
    }
  }

 private:
  void Start() {
    if (context_.try_number == 1) budget_->OnFirstTry(Deadline::Clock::now());
    stream_ = inner_->Complete(request_, context_);
  }

  // When to try again; nullopt: not at all.
  std::optional<Deadline> TakeRetry(const Status& error) {
    if (IsOfKeptConnection(error)) free_tries_ = 1;
    if (begun_ || context_.try_number >= retry_.attempts + free_tries_ || !IsRetryable(error)) {
      return std::nullopt;
    }
    const Deadline at = Deadline::After(
        BackoffDelay(retry_, context_.try_number, UnitRandom(), GetErrorInfo(error).retry_after));
    if (at >= context_.deadline || *context_.retries_left <= 0) return std::nullopt;
    if (!budget_->TakeRetry(Deadline::Clock::now())) return std::nullopt;
    --*context_.retries_left;
    return at;
  }

  const std::shared_ptr<ModelClient> inner_;
  const RetryConfig retry_;
  const std::shared_ptr<RetryBudget> budget_;
  const std::shared_ptr<const ChatRequest> request_;
  CallContext context_;
  std::unique_ptr<DeltaStream> stream_;
  bool begun_ = false;  // a delta or the end was given: nothing may be replayed
  int free_tries_ = 0;  // beyond the configured attempts
};

}  // namespace

bool IsRetryable(const Status& error) {
  const std::string reason = GetErrorInfo(error).reason;
  return std::find(kRetryable.begin(), kRetryable.end(), reason) != kRetryable.end();
}

milliseconds BackoffDelay(const RetryConfig& retry, int n, double unit_random,
                          std::optional<milliseconds> retry_after) {
  // In doubles, which do not overflow.
  const double most = std::min(static_cast<double>(retry.cap.count()),
                               std::ldexp(static_cast<double>(retry.base.count()), n - 1));
  const milliseconds jittered(static_cast<std::int64_t>(unit_random * most));
  return std::max(jittered, retry_after.value_or(milliseconds(0)));
}

RetryingModelClient::RetryingModelClient(std::unique_ptr<ModelClient> inner, RetryConfig retry)
    : inner_(std::move(inner)),
      retry_(retry),
      budget_(std::make_shared<RetryBudget>(retry.budget, retry.floor)) {}

std::unique_ptr<DeltaStream> RetryingModelClient::Complete(
    std::shared_ptr<const ChatRequest> request, CallContext context) {
  return std::make_unique<RetryingStream>(inner_, retry_, budget_, std::move(request),
                                          std::move(context));
}

}  // namespace mom
