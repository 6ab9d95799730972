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

class RetryingStream final : public DeltaStream {
 public:
  RetryingStream(std::shared_ptr<ModelClient> inner, RetryConfig retry,
                 std::shared_ptr<const ChatRequest> request, CallContext context)
      : inner_(std::move(inner)),
        retry_(retry),
        request_(std::move(request)),
        context_(std::move(context)) {}

  asio::awaitable<StatusOr<std::optional<ChatDelta>>> Next() override {
    while (true) {
      if (!stream_) stream_ = inner_->Complete(request_, context_);
      StatusOr<std::optional<ChatDelta>> next = co_await stream_->Next();
      if (next.ok()) {
        begun_ = true;
        co_return next;
      }
      const std::optional<Deadline> retry_at = RetryAt(next.status());
      if (!retry_at) co_return next;
      stream_.reset();
      co_await SleepUntil(*retry_at);
      ++context_.try_number;
    }
  }

 private:
  // When to try again; nullopt: not at all.
  std::optional<Deadline> RetryAt(const Status& error) const {
    if (begun_ || context_.try_number >= retry_.attempts || !IsRetryable(error)) {
      return std::nullopt;
    }
    const Deadline at = Deadline::After(
        BackoffDelay(retry_, context_.try_number, UnitRandom(), GetErrorInfo(error).retry_after));
    return at < context_.deadline ? std::optional<Deadline>(at) : std::nullopt;
  }

  const std::shared_ptr<ModelClient> inner_;
  const RetryConfig retry_;
  const std::shared_ptr<const ChatRequest> request_;
  CallContext context_;
  std::unique_ptr<DeltaStream> stream_;
  bool begun_ = false;  // a delta or the end was given: nothing may be replayed
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
    : inner_(std::move(inner)), retry_(retry) {}

std::unique_ptr<DeltaStream> RetryingModelClient::Complete(
    std::shared_ptr<const ChatRequest> request, CallContext context) {
  return std::make_unique<RetryingStream>(inner_, retry_, std::move(request), std::move(context));
}

}  // namespace mom
