#include "service/engine/stop_rule.h"

#include <algorithm>

namespace mom {

StopRule::StopRule(int asked, int configured_quorum, const GraceConfig& grace, Time start,
                   Deadline limit, Deadline critic_at)
    : configured_quorum_(configured_quorum),
      grace_(grace),
      start_(start),
      limit_(limit),
      critic_at_(critic_at),
      alive_(asked),
      open_(asked) {}

int StopRule::quorum() const {
  if (alive_ <= 2) return std::min(alive_, std::max(1, std::min(configured_quorum_, alive_)));
  if (configured_quorum_ > 0) return std::min(configured_quorum_, alive_);
  return (2 * alive_ + 2) / 3;
}

void StopRule::OnEnd(End end, Time now) {
  --open_;
  if (end == End::kFailed) --alive_;
  if (end == End::kUsable) {
    ++usable_;
    if (!first_at_) first_at_ = now;
  }
  // A failure can make the quorum too, as it makes n smaller.
  if (!quorum_at_ && usable_ > 0 && usable_ >= quorum()) quorum_at_ = now;
}

Deadline StopRule::Stop() const {
  Deadline stop = limit_;
  if (first_at_) {
    stop = Deadline::Earliest(stop, critic_at_);
    stop = Deadline::Earliest(stop, Deadline::At(*first_at_ + grace_.first_max));
  }
  if (quorum_at_) {
    const bool alone = quorum() == 1;
    const Deadline::Duration took = alone ? *first_at_ - start_ : (*quorum_at_ - *first_at_) / 2;
    const Deadline::Duration least = alone ? 4 * grace_.min : grace_.min;
    const Deadline::Duration most = grace_.max;
    const Deadline::Duration grace = std::min(std::max(took, least), most);
    stop = Deadline::Earliest(stop, Deadline::At(*quorum_at_ + grace));
  }
  return stop;
}

}  // namespace mom
