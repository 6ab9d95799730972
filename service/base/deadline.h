// A point on the steady clock by which something must be done.
#ifndef MOM_BASE_DEADLINE_H_
#define MOM_BASE_DEADLINE_H_

#include <algorithm>
#include <chrono>

namespace mom {

// A value: copied, compared, passed as an argument; never ambient. A time limit enters the process
// once as a duration and is a Deadline from then on; a child takes the earlier of its own and its
// parent's.
class Deadline {
 public:
  using Clock = std::chrono::steady_clock;
  using Duration = Clock::duration;

  // No limit; the same as Never().
  constexpr Deadline() = default;
  static constexpr Deadline Never() { return Deadline(); }
  // `d` from now; saturates at Never(). A negative `d` has passed already.
  static Deadline After(Duration d) {
    const Clock::time_point now = Clock::now();
    return d >= Clock::time_point::max() - now ? Never() : Deadline(now + d);
  }
  static constexpr Deadline At(Clock::time_point at) { return Deadline(at); }
  static constexpr Deadline Earliest(Deadline a, Deadline b) { return a.at_ < b.at_ ? a : b; }

  bool IsNever() const { return at_ == Clock::time_point::max(); }
  bool Passed() const { return !IsNever() && Clock::now() >= at_; }
  // Time left, never negative; Duration::max() where there is no limit.
  Duration Remaining() const {
    if (IsNever()) return Duration::max();
    return std::max(Duration::zero(), at_ - Clock::now());
  }
  constexpr Clock::time_point time() const { return at_; }

  friend constexpr auto operator<=>(const Deadline&, const Deadline&) = default;

 private:
  constexpr explicit Deadline(Clock::time_point at) : at_(at) {}
  Clock::time_point at_ = Clock::time_point::max();
};

}  // namespace mom

#endif  // MOM_BASE_DEADLINE_H_
