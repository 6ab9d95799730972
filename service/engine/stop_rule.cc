#include "service/engine/stop_rule.h"

#include <algorithm>
#include <utility>

namespace mom {

int QuorumOf(int configured, int alive) {
  if (alive <= 2) return std::min(alive, std::max(1, std::min(configured, alive)));
  if (configured > 0) return std::min(configured, alive);
  return (2 * alive + 2) / 3;
}

StopRule::StopRule(Setting setting) : setting_(std::move(setting)), alive_(setting_.asked) {
  for (int member = 0; member < setting_.asked; ++member) {
    open_.push_back(Open{member, Duration::zero()});
  }
}

int StopRule::quorum() const { return QuorumOf(setting_.quorum, alive_); }

void StopRule::OnEnd(int member, End end, Time now) {
  std::erase_if(open_, [&](const Open& open) { return open.member == member; });
  if (end == End::kFailed) --alive_;
  if (end == End::kUsable) {
    ++usable_;
    if (!first_at_) first_at_ = now;
  }
  // A failure can make the quorum too, as it makes n smaller.
  if (!quorum_at_ && usable_ > 0 && usable_ >= quorum()) OnQuorum(now);
}

void StopRule::OnQuorum(Time now) {
  quorum_at_ = now;
  const bool alone = quorum() == 1;
  const Duration guess = alone ? *first_at_ - setting_.start : (now - *first_at_) / 2;
  const Duration least = (alone ? 4 : 1) * Duration(setting_.grace.min);
  const Duration most = setting_.grace.max;
  for (Open& open : open_) {
    const Duration own = setting_.to_go(open.member, now - setting_.start).value_or(guess);
    open.grace = std::min(std::max(own, least), most);
  }
}

StopRule::Stopping StopRule::NextStop() const {
  if (open_.empty()) return {Deadline::At(Time::min()), Cause::kAllEnded};
  if (is_decided_) return {Deadline::At(Time::min()), Cause::kDecided};
  Stopping next = {setting_.limit, Cause::kLimit};
  const auto at_latest = [&](Deadline at, Cause cause) {
    if (at < next.at) next = {at, cause};
  };
  if (first_at_) {
    at_latest(setting_.critic_at, Cause::kCriticsTime);
    at_latest(Deadline::At(*first_at_ + setting_.grace.first_max), Cause::kFirstMax);
  }
  if (quorum_at_) {
    Duration grace = Duration::zero();
    for (const Open& open : open_) grace = std::max(grace, open.grace);
    at_latest(Deadline::At(*quorum_at_ + grace), Cause::kGrace);
  }
  return next;
}

const char* NameOf(StopRule::Cause cause) {
  switch (cause) {
    case StopRule::Cause::kAllEnded:
      return "all have ended";
    case StopRule::Cause::kDecided:
      return "the choice is made";
    case StopRule::Cause::kGrace:
      return "the grace after the quorum is over";
    case StopRule::Cause::kFirstMax:
      return "the longest wait after the first is over";
    case StopRule::Cause::kCriticsTime:
      return "the time left is the critic's";
    case StopRule::Cause::kLimit:
      return "the request's time is up";
  }
  return "";
}

}  // namespace mom
