// When a fan-out stops waiting.
#ifndef MOM_ENGINE_STOP_RULE_H_
#define MOM_ENGINE_STOP_RULE_H_

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "service/base/deadline.h"
#include "service/engine/mixture_config.h"

namespace mom {

// How many usable candidates are a quorum: as `configured`, else ceil(2n/3), and 1 for n = 2; never
// more than `alive`, the members that were asked and have not failed.
int QuorumOf(int configured, int alive);

// t_stop = min(limit, t_all, t_quorum + g, t_first + G), or as soon as the choice is made; where
//   t_first   the first usable candidate; t_quorum: the one that made the quorum; t_all: the last;
//   quorum    QuorumOf(): n, which counts the members that were asked and have not failed, shrinks
//             as they fail (or refuse);
//   g         the grace: the longest that a member gets of those that are under way. Each gets what
//             it will still take from the quorum on, as learnt (`to_go`), and until that is known
//             half of what it took from the first to the quorum; both between grace.min and
//             grace.max. Where the quorum is 1: what the first took, and at least 4 * grace.min;
//   G         grace.first_max.
// Members that are asked later (OnAsk) count from then on, and get a grace of their own: what they
// take as learnt, else what the first took, and at least 4 * grace.min. While there are more to ask
// no grace ends the waiting.
// Once there is a usable candidate, waiting ends at `critic_at` too: from there on the time is the
// critic's. Without one there is nothing for a critic to do, and the members have it all.
// Pure: time is an argument. Not thread-safe.
class StopRule {
 public:
  using Time = Deadline::Clock::time_point;
  using Duration = Deadline::Duration;
  // What a member that has been under way for `elapsed` will still take; nullopt: not known.
  using TimeToGo = std::function<std::optional<Duration>(int member, Duration elapsed)>;

  struct Setting {
    int asked = 0;          // at the start, numbered from 0
    bool has_more = false;  // to ask later
    int quorum = 0;         // 0: by the rule
    GraceConfig grace;
    Time start;
    Deadline limit;
    Deadline critic_at;
    TimeToGo to_go;  // asked when the quorum is made
  };
  explicit StopRule(Setting setting);

  // One more is under way, as the next number.
  void OnAsk(Time now);
  // There are no more to ask.
  void OnAllAsked() { has_more_ = false; }

  // How a member ended.
  enum class End { kUsable, kLowerGrade, kFailed };
  void OnEnd(int member, End end, Time now);

  // The point at which waiting ends; what has passed already means now.
  Deadline Stop() const { return NextStop().at; }
  // Why it ends then.
  enum class Cause { kAllEnded, kDecided, kGrace, kFirstMax, kCriticsTime, kLimit };
  Cause WhyStop() const { return NextStop().cause; }
  // From when on no further member is asked, also where all have ended.
  Deadline LastAsk() const { return StopOfWaiting().at; }
  // No member that is under way could matter any more.
  void OnDecision() { is_decided_ = true; }
  bool is_decided() const { return is_decided_; }
  // Whether there is nothing to wait for.
  bool IsOver() const { return is_decided_ || open_.empty(); }
  int quorum() const;
  bool QuorumReached() const { return quorum_at_.has_value(); }
  int usable() const { return usable_; }

 private:
  struct Stopping {
    Deadline at;
    Cause cause;
  };
  struct Open {
    int member;
    Time asked_at;
    Time until;  // its grace, once there is a quorum
  };
  Stopping NextStop() const;
  Stopping StopOfWaiting() const;  // also where nobody is under way
  void GiveGrace(Time now, Open& open) const;

  const Setting setting_;
  int asked_ = 0;
  bool has_more_;
  int alive_ = 0;  // n
  std::vector<Open> open_;
  int usable_ = 0;
  bool is_decided_ = false;
  std::optional<Time> first_at_;
  std::optional<Time> quorum_at_;
};

// In words, for people.
const char* NameOf(StopRule::Cause cause);

}  // namespace mom

#endif  // MOM_ENGINE_STOP_RULE_H_
