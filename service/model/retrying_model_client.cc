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

// `bound` is what said no: a key of the model's, or none.
Status NotTriedAgain(const Status& error, const std::string& bound, const std::string& why) {
  ErrorInfo info = GetErrorInfo(error);
  info.metadata["not_tried_again"] = bound;
  std::string text = MessageOf(error) + "; not tried again: ";
  if (bound.starts_with("retry.")) text += "models." + info.metadata["model"] + "." + bound + " ";
  return MakeError(error.code(), text + why, std::move(info));
}

Status NotForNow(const Status& error) {
  return NotTriedAgain(error, "target", "the model or its provider has failed too often just now");
}

// The most that full jitter gives after try `n`.
milliseconds LongestBackoff(const RetryConfig& retry, int n) {
  // In doubles, which do not overflow.
  const double most = std::min(static_cast<double>(retry.cap.count()),
                               std::ldexp(static_cast<double>(retry.base.count()), n - 1));
  return milliseconds(static_cast<std::int64_t>(most));
}

// Nothing was sent: there was no address, or nobody there.
bool IsOfNoConnection(const Status& error) {
  const std::string reason = GetErrorInfo(error).reason;
  return reason == reason::kUpstreamDns || reason == reason::kUpstreamConnect;
}

// Another connection may mend it.
bool IsOfConnection(const Status& error) {
  return IsOfNoConnection(error) || GetErrorInfo(error).reason == reason::kUpstreamConnectionLost;
}

class RetryingStream final : public DeltaStream {
 public:
  RetryingStream(std::shared_ptr<ModelClient> inner, std::shared_ptr<const ModelConfig> model,
                 std::shared_ptr<TargetState> state, std::shared_ptr<const ChatRequest> request,
                 CallContext context)
      : inner_(std::move(inner)),
        model_(std::move(model)),
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
      if (!failure_.ok() && IsRefusal(next.status())) co_return NotForNow(failure_);
      const StatusOr<Deadline> retry_at = TakeRetry(next.status());
      if (!retry_at.ok()) co_return retry_at.status();
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

  // When to try again; else the error, which says what kept it from being tried again.
  StatusOr<Deadline> TakeRetry(const Status& error) {
    if (begun_ || !IsRetryable(error)) return error;
    if (IsOfKeptConnection(error)) free_tries_ = 1;  // once it is not held against the provider
    const RetryConfig& retry = model_->retry;
    if (IsOfConnection(error)) ++without_connection_;
    if (IsOfNoConnection(error) && without_connection_ > 1 + free_tries_) {
      return NotTriedAgain(error, "connection", "it could not be reached twice");
    }
    if (context_.try_number >= retry.attempts + free_tries_) {
      return NotTriedAgain(error, "retry.attempts",
                           "allows " + std::to_string(retry.attempts) + " in all");
    }
    const std::optional<milliseconds> named = GetErrorInfo(error).retry_after;
    const Deadline at =
        Deadline::After(BackoffDelay(retry, context_.try_number, UnitRandom(), named));
    if (at >= context_.deadline) {
      return NotTriedAgain(error, "deadline", "the wait would pass the time that is left");
    }
    if (*context_.retries_left <= 0) {
      return NotTriedAgain(error, "request", "the request's retries are used up");
    }
    if (!state_->WouldAdmit(*model_, at.time())) return NotForNow(error);
    if (OthersAreSooner(error)) return NotTriedAgain(error, "other", "others do its work sooner");
    if (!state_->retries().TakeRetry(retry.budget, retry.floor, Deadline::Clock::now())) {
      return NotTriedAgain(error, "retry.budget", "has none left for now");
    }
    --*context_.retries_left;
    return at;
  }

  // A fallback is, but for what another connection may mend. Those that are asked at the same time
  // are, where the next try is further off than after any other failure.
  bool OthersAreSooner(const Status& error) const {
    const Others& others = context_.others;
    if (others.fallback) return !IsOfConnection(error) || without_connection_ > 1 + free_tries_;
    const std::optional<milliseconds> named = GetErrorInfo(error).retry_after;
    const bool is_far = error.code() == StatusCode::kDeadlineExceeded ||
                        (named && *named > LongestBackoff(model_->retry, context_.try_number));
    return is_far && others.can && others.can();
  }

  const std::shared_ptr<ModelClient> inner_;
  const std::shared_ptr<const ModelConfig> model_;
  const std::shared_ptr<TargetState> state_;
  const std::shared_ptr<const ChatRequest> request_;
  CallContext context_;
  std::unique_ptr<DeltaStream> stream_;
  Status failure_;              // of the try before this one
  bool begun_ = false;          // a delta or the end was given: nothing may be replayed
  int free_tries_ = 0;          // beyond the configured attempts
  int without_connection_ = 0;  // tries that another connection might have mended
};

}  // namespace

bool IsRetryable(const Status& error) {
  const std::string reason = GetErrorInfo(error).reason;
  return std::find(kRetryable.begin(), kRetryable.end(), reason) != kRetryable.end();
}

milliseconds BackoffDelay(const RetryConfig& retry, int n, double unit_random,
                          std::optional<milliseconds> retry_after) {
  const double most = static_cast<double>(LongestBackoff(retry, n).count());
  const milliseconds jittered(static_cast<std::int64_t>(unit_random * most));
  return std::max(jittered, retry_after.value_or(milliseconds(0)));
}

RetryingModelClient::RetryingModelClient(std::unique_ptr<ModelClient> inner, ModelConfig model,
                                         std::shared_ptr<TargetState> state)
    : inner_(std::move(inner)),
      model_(std::make_shared<const ModelConfig>(std::move(model))),
      state_(std::move(state)) {}

std::unique_ptr<DeltaStream> RetryingModelClient::Complete(
    std::shared_ptr<const ChatRequest> request, CallContext context) {
  return std::make_unique<RetryingStream>(inner_, model_, state_, std::move(request),
                                          std::move(context));
}

}  // namespace mom
