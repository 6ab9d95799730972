// Keeps retries from making a target's trouble worse.
#ifndef MOM_MODEL_RETRY_BUDGET_H_
#define MOM_MODEL_RETRY_BUDGET_H_

#include <array>
#include <cstdint>
#include <mutex>

#include "service/base/deadline.h"

namespace mom {

// What the retries of one target may be in any ten seconds: `share` of its first tries in the same
// time, but `floor` in any case. So a target that is down gets little more than its usual traffic,
// and one with little traffic can still be tried again. Time is an argument, counted by the second.
// Thread-safe: the loops share it.
class RetryBudget {
 public:
  using Time = Deadline::Clock::time_point;

  RetryBudget() = default;
  RetryBudget(const RetryBudget&) = delete;
  RetryBudget& operator=(const RetryBudget&) = delete;

  // A first try begins.
  void OnFirstTry(Time now);
  // Takes one retry; false: there is none left at this time.
  bool TakeRetry(double share, int floor, Time now);

 private:
  struct Second {
    std::int64_t number = -1;  // since the clock's start
    int first_tries = 0;
    int retries = 0;
  };
  Second& At(std::int64_t number);

  std::mutex mutex_;
  std::array<Second, 10> seconds_;  // guarded by mutex_
};

}  // namespace mom

#endif  // MOM_MODEL_RETRY_BUDGET_H_
