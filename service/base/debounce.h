// Makes one event of a burst.
#ifndef MOM_BASE_DEBOUNCE_H_
#define MOM_BASE_DEBOUNCE_H_

#include <algorithm>
#include <chrono>
#include <optional>

namespace mom {

// A burst is due `quiet` after its last event, but at the latest `most` after its first: whoever
// never pauses is heard too. Pure: the caller has the clock.
class Debounce {
 public:
  using Time = std::chrono::steady_clock::time_point;

  Debounce(std::chrono::milliseconds quiet, std::chrono::milliseconds most)
      : quiet_(quiet), most_(most) {}

  // An event; gives when the burst is due from now on.
  Time Hit(Time now) {
    if (!first_) first_ = now;
    return std::min(now + quiet_, *first_ + most_);
  }
  // The burst was dealt with; the next event starts another one.
  void Reset() { first_.reset(); }

 private:
  std::chrono::milliseconds quiet_;
  std::chrono::milliseconds most_;
  std::optional<Time> first_;
};

}  // namespace mom

#endif  // MOM_BASE_DEBOUNCE_H_
