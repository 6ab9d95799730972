// What the calls of one target have taught about it.
#ifndef MOM_MODEL_TARGET_STATE_H_
#define MOM_MODEL_TARGET_STATE_H_

#include <mutex>

#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/model/breaker.h"
#include "service/model/model_config.h"
#include "service/model/retry_budget.h"

namespace mom {

// Whether a call was refused by Admit(): nothing was sent, and another model may well answer.
bool IsRefusal(const Status& error);
// Whether a connection of an earlier call broke: the provider may only have closed an idle one, so
// that it says nothing about the target.
bool IsOfKeptConnection(const Status& error);

// A target is a model at a provider, asked with one key. Its state decides whether it is asked:
// - the breaker (breaker.h): not while it keeps failing;
// - not before a time that the provider named, by a rate limit hit or used up;
// - not by more calls at once than the config allows.
// It has the target's budget of retries, too. Settings are arguments, as the state outlives them;
// so is time. Thread-safe: the loops share it.
class TargetState {
 public:
  using Time = Deadline::Clock::time_point;

  TargetState() = default;
  TargetState(const TargetState&) = delete;
  TargetState& operator=(const TargetState&) = delete;

  // Lets a call go and gives its ticket, with which exactly one OnEnd() or OnCancel() must follow.
  // An error: it must not go. kUnavailable with retry_after and the reason TARGET_OPEN (metadata
  // "cause": the last failure's reason, and the "config_key" to check), TARGET_NOT_BEFORE or
  // TARGET_BUSY (metadata "config_key").
  StatusOr<int> Admit(const ModelConfig& model, Time now);
  // Whether breaker and provider would let a call go at `time`, if nothing happens until then.
  bool WouldAdmit(const ModelConfig& model, Time time) const;

  // The call has brought the first piece of its answer.
  void OnFirstToken(int ticket, const ModelConfig& model);
  // OK: the answer is complete. Of the failures, those of the network and the server count for the
  // breaker, and limits of time; a rejected key, an empty account and an unknown model open it at
  // once; the request's own faults do neither. `unit_random`: within [0, 1).
  void OnEnd(int ticket, const Status& status, const ModelConfig& model, Time now,
             double unit_random);
  // Nobody waits for the call any more.
  void OnCancel(int ticket, Time now);
  // The provider wants no call before then. Ignored where the breaker is off.
  void NotBefore(const ModelConfig& model, Time time);
  // The operator may have mended what was rejected, or switched the breaker off.
  void OnReload(const ModelConfig& model);

  RetryBudget& retries() { return retries_; }

 private:
  StatusOr<int> AdmitLocked(const ModelConfig& model, Time now);
  void NotBeforeLocked(const ModelConfig& model, Time time);

  RetryBudget retries_;
  mutable std::mutex mutex_;
  // Guarded by mutex_:
  Breaker breaker_;
  Time not_before_;
  int under_way_ = 0;
};

}  // namespace mom

#endif  // MOM_MODEL_TARGET_STATE_H_
