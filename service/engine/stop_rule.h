// When a fan-out stops waiting.
#ifndef MOM_ENGINE_STOP_RULE_H_
#define MOM_ENGINE_STOP_RULE_H_

#include <chrono>
#include <optional>

#include "service/base/deadline.h"
#include "service/engine/mixture_config.h"

namespace mom {

// t_stop = min(limit, t_all, t_quorum + g, t_first + G), where
//   t_first   the first usable candidate; t_quorum: the one that made the quorum; t_all: the last;
//   quorum    as configured, else ceil(2n/3), and 1 for n = 2; never more than n. n counts the
//             members that were asked and have not failed: it shrinks as they fail (or refuse);
//   g         the grace: half of what it took from the first to the quorum, between grace.min and
//             grace.max. Where the quorum is 1: what the first took, between 4 * grace.min and
//             grace.max;
//   G         grace.first_max.
// Once there is a usable candidate, waiting ends at `critic_at` too: from there on the time is the
// critic's. Without one there is nothing for a critic to do, and the members have it all.
// Pure: time is an argument. Not thread-safe.
class StopRule {
 public:
  using Time = Deadline::Clock::time_point;

  // `configured_quorum` 0: by the rule.
  StopRule(int asked, int configured_quorum, const GraceConfig& grace, Time start, Deadline limit,
           Deadline critic_at = Deadline::Never());

  // How a member ended.
  enum class End { kUsable, kLowerGrade, kFailed };
  void OnEnd(End end, Time now);

  // The point at which waiting ends; what has passed already means now.
  Deadline Stop() const;
  // Whether every member has ended.
  bool AllEnded() const { return open_ == 0; }
  int quorum() const;
  bool QuorumReached() const { return quorum_at_.has_value(); }
  int usable() const { return usable_; }

 private:
  int configured_quorum_;
  GraceConfig grace_;
  Time start_;
  Deadline limit_;
  Deadline critic_at_;
  int alive_;  // n
  int open_;
  int usable_ = 0;
  std::optional<Time> first_at_;
  std::optional<Time> quorum_at_;
};

}  // namespace mom

#endif  // MOM_ENGINE_STOP_RULE_H_
