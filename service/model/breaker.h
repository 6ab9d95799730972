// Whether a target that keeps failing is asked at all.
#ifndef MOM_MODEL_BREAKER_H_
#define MOM_MODEL_BREAKER_H_

#include <optional>

#include "service/base/deadline.h"
#include "service/base/status.h"
#include "service/model/model_config.h"

namespace mom {

// A circuit breaker. Closed, it lets all calls through; after `failures` in a row it opens and lets
// none through, for a time that doubles each time until a call succeeds; then it is half open: one
// call goes, the probe, and shows what becomes of the others. Probes are real traffic, nothing is
// ever asked for their sake.
// A call's first token is enough to let the others in again, as whole answers can take minutes; but
// until one has succeeded, a single failure opens it again.
// Pure: time and chance are arguments. Not thread-safe.
class Breaker {
 public:
  using Time = Deadline::Clock::time_point;

  // Lets a call go: gives the number of the breaker's state, which the call's end names, so that
  // calls from before a change do not speak for what is after it. nullopt: the call must not go.
  std::optional<int> Admit(Time now);
  // The time until a call can go; zero where it can, or where the probe's end decides that.
  Deadline::Duration WaitFrom(Time now) const;
  // Whether a call would be let go at `time`, if nothing happens until then.
  bool WouldAdmit(Time time) const;
  // The failure that opened it last.
  const ErrorInfo& cause() const { return cause_; }

  // What became of a call that Admit() let go as `state`. True: the breaker has closed, or opened.
  bool OnFirstToken(int state);
  void OnSuccess(int state);
  // `unit_random` within [0, 1): an open time is half to all of what the config says.
  bool OnFailure(int state, const ErrorInfo& cause, const BreakerConfig& config, Time now,
                 double unit_random);
  // A failure that only an operator can mend: opens at once, for the longest time.
  bool OnRejection(int state, const ErrorInfo& cause, const BreakerConfig& config, Time now,
                   double unit_random);
  // It says nothing about the target: the request itself was at fault.
  void OnNoVerdict(int state);
  // Nobody waited for its end. A probe that was not quick enough leaves the breaker open for as
  // long as it was, lest each call become a probe.
  void OnCancel(int state, Time now);
  // The operator may have mended something: closes what OnRejection() opened, and what `config`
  // switches off.
  void OnReload(const BreakerConfig& config);

 private:
  enum class State { kClosed, kOpen, kHalfOpen };

  bool Open(const ErrorInfo& cause, Deadline::Duration time, Time now, double unit_random);

  State state_ = State::kClosed;
  int number_ = 0;                  // of the state
  int failures_ = 0;                // in a row
  int openings_ = 0;                // in a row
  bool is_suspect_ = false;         // it closed by a first token, and no call has succeeded since
  bool is_rejected_ = false;        // it opened by a rejection
  Deadline::Duration open_time_{};  // of the last opening
  Time open_until_;
  ErrorInfo cause_;
};

}  // namespace mom

#endif  // MOM_MODEL_BREAKER_H_
