// Keeps hedges rare.
#ifndef MOM_ENGINE_HEDGE_BUDGET_H_
#define MOM_ENGINE_HEDGE_BUDGET_H_

#include <algorithm>
#include <mutex>

namespace mom {

// A bucket of tokens: each call puts a share of one in, each hedge takes a whole one out. So hedges
// are never more than that share of the calls. It starts empty and holds ten at most, so that many
// quiet hours do not pay for a storm. Thread-safe.
class HedgeBudget {
 public:
  // A call was made that is no hedge; `share` from 0 to 1.
  void OnCall(double share) {
    const std::lock_guard lock(mutex_);
    tokens_ = std::min(tokens_ + share, kMost);
  }
  // Takes a token; false: there is none.
  bool Take() {
    const std::lock_guard lock(mutex_);
    // Twenty times 0.05 is a little less than 1 in a double.
    constexpr double kRounding = 1e-9;
    if (tokens_ < 1 - kRounding) return false;
    tokens_ = std::max(tokens_ - 1, 0.0);
    return true;
  }

 private:
  static constexpr double kMost = 10;
  std::mutex mutex_;
  double tokens_ = 0;  // guarded by mutex_
};

}  // namespace mom

#endif  // MOM_ENGINE_HEDGE_BUDGET_H_
