#include "service/model/retrying_model_client.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "service/base/async_event.h"
#include "service/base/reasons.h"
#include "service/base/unit_random.h"

namespace mom {
namespace {

using std::chrono::milliseconds;

constexpr std::array<std::string_view, 9> kRetryable = {
    reason::kUpstreamDns,         reason::kUpstreamConnect,    reason::kUpstreamConnectionLost,
    reason::kUpstreamIncomplete,  reason::kConnectTimeout,     reason::kFirstTokenTimeout,
    reason::kUpstreamRateLimited, reason::kUpstreamOverloaded, reason::kUpstreamError};

class RetryingStream final : public DeltaStream {
 public:
  RetryingStream(std::shared_ptr<ModelClient> inner, RetryConfig retry,
                 std::shared_ptr<TargetState> state, std::shared_ptr<const ChatRequest> request,
                 CallContext context)
      : inner_(std::move(inner)),
        retry_(retry),
        state_(std::move(state)),
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
      if (!failure_.ok() && IsRefusal(next.status())) co_return failure_;
      const std::optional<Deadline> retry_at = TakeRetry(next.status());
      if (!retry_at) co_return next;
      failure_ = next.status();
      stream_.reset();
      co_await SleepUntil(*retry_at);
      ++context_.try_number;
    }
  }

 private:
  void Start() {
    if (context_.try_number == 1) state_->retries().OnFirstTry(Deadline::Clock::now());
    stream_ = inner_->Complete(request_, context_);
  }

  // When to try again; nullopt: not at all.
  std::optional<Deadline> TakeRetry(const Status& error) {
    if (begun_ || context_.try_number >= retry_.attempts || !IsRetryable(error)) {
      return std::nullopt;
    }
    const Deadline at = Deadline::After(
        BackoffDelay(retry_, context_.try_number, UnitRandom(), GetErrorInfo(error).retry_after));
    if (at >= context_.deadline || *context_.retries_left <= 0) return std::nullopt;
    if (!state_->WouldAdmit(at.time()) ||
        !state_->retries().TakeRetry(retry_.budget, retry_.floor, Deadline::Clock::now())) {
      return std::nullopt;
    }
    --*context_.retries_left;
    return at;
  }

  const std::shared_ptr<ModelClient> inner_;
  const RetryConfig retry_;
  const std::shared_ptr<TargetState> state_;
  const std::shared_ptr<const ChatRequest> request_;
  CallContext context_;
  std::unique_ptr<DeltaStream> stream_;
  Status failure_;      // of the try before this one
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

RetryingModelClient::RetryingModelClient(std::unique_ptr<ModelClient> inner, RetryConfig retry,
                                         std::shared_ptr<TargetState> state)
    : inner_(std::move(inner)), retry_(retry), state_(std::move(state)) {}

std::unique_ptr<DeltaStream> RetryingModelClient::Complete(
    std::shared_ptr<const ChatRequest> request, CallContext context) {
  return std::make_unique<RetryingStream>(inner_, retry_, state_, std::move(request),
                                          std::move(context));
}

}  // namespace mom
