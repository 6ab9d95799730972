// Tries a model again where that is safe and may help.
#ifndef MOM_MODEL_RETRYING_MODEL_CLIENT_H_
#define MOM_MODEL_RETRYING_MODEL_CLIENT_H_

#include <chrono>
#include <memory>
#include <optional>

#include "service/model/model_client.h"
#include "service/model/model_config.h"
#include "service/model/target_state.h"

namespace mom {

// Whether the same target may be tried again after `error` (which came before any delta): a name
// not resolved, connections refused or lost, streams that ended before they began, connect and
// first-token time-outs, HTTP 408, 409, 429 with a rate limit, 5xx and 529. Never: 400, 401, 403,
// 404, 413, 422, quota, content filter, bad TLS.
bool IsRetryable(const Status& error);

// The wait after try `n` (from 1) failed: full jitter, U(0, min(cap, base * 2^(n-1))), but at least
// what the provider asked for. `unit_random` is uniform in [0, 1).
std::chrono::milliseconds BackoffDelay(const RetryConfig& retry, int n, double unit_random,
                                       std::optional<std::chrono::milliseconds> retry_after);

// The one owner of retries. Only before the first delta, only what IsRetryable allows, with full
// jitter (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/), at least
// Retry-After, only if the sleep ends before the deadline, and only while the request has retries
// left, the target's budget has one, and its state (target_state.h) would allow the call. A target
// that could not be reached is tried once more and no oftener. Where a fallback is there
// (CallContext::others) it is asked at once, but for the first time that another connection might
// mend it; members that are asked at the same time are left to do the work after a limit of time,
// and where the provider names a wait that is longer than the usual ones. Otherwise the last error
// stands, also where a retry is refused in the end, and says which of these bounds was reached,
// also as metadata `not_tried_again`: "retry.attempts", "retry.budget", "deadline", "request",
// "target", "connection" or "other".
class RetryingModelClient final : public ModelClient {
 public:
  RetryingModelClient(std::unique_ptr<ModelClient> inner, ModelConfig model,
                      std::shared_ptr<TargetState> state);
  std::unique_ptr<DeltaStream> Complete(std::shared_ptr<const ChatRequest> request,
                                        CallContext context) override;

 private:
  std::shared_ptr<ModelClient> inner_;
  std::shared_ptr<const ModelConfig> model_;  // shared with the streams
  std::shared_ptr<TargetState> state_;
};

}  // namespace mom

#endif  // MOM_MODEL_RETRYING_MODEL_CLIENT_H_
