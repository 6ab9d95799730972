#include "service/engine/stop_rule.h"

#include <algorithm>
#include <utility>

namespace mom {

int QuorumOf(int configured, int alive) {
  if (alive <= 2) return std::min(alive, std::max(1, std::min(configured, alive)));
  if (configured > 0) return std::min(configured, alive);
  return (2 * alive + 2) / 3;
}

StopRule::StopRule(Setting setting) : setting_(std::move(setting)), has_more_(setting_.has_more) {
  while (asked_ < setting_.asked) OnAsk(setting_.start);
}

void StopRule::OnAsk(Time now) {
  open_.push_back(Open{asked_++, now, now});
  ++alive_;
  if (quorum_at_ && usable_ < quorum()) quorum_at_.reset();
  if (quorum_at_) GiveGrace(now, open_.back());
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
  if (!quorum_at_ && usable_ > 0 && usable_ >= quorum()) {
    quorum_at_ = now;
    for (Open& open : open_) GiveGrace(now, open);
  }
}

void StopRule::GiveGrace(Time now, Open& open) const {
  const bool is_measured_by_first = quorum() == 1 || open.asked_at > setting_.start;
  const Duration guess =
      is_measured_by_first ? *first_at_ - setting_.start : (now - *first_at_) / 2;
  const Duration least = (is_measured_by_first ? 4 : 1) * Duration(setting_.grace.min);
  const Duration own = setting_.to_go(open.member, now - open.asked_at).value_or(guess);
  open.until = now + std::min(std::max(own, least), Duration(setting_.grace.max));
}

StopRule::Stopping StopRule::NextStop() const {
  if (open_.empty()) return {Deadline::At(Time::min()), Cause::kAllEnded};
  return StopOfWaiting();
}

StopRule::Stopping StopRule::StopOfWaiting() const {
  if (is_decided_) return {Deadline::At(Time::min()), Cause::kDecided};
  Stopping next = {setting_.limit, Cause::kLimit};
  const auto at_latest = [&](Deadline at, Cause cause) {
    if (at < next.at) next = {at, cause};
  };
  if (first_at_) {
    at_latest(setting_.critic_at, Cause::kCriticsTime);
    at_latest(Deadline::At(*first_at_ + setting_.grace.first_max), Cause::kFirstMax);
  }
  if (quorum_at_ && !has_more_) {
    Time until = *quorum_at_;
    for (const Open& open : open_) until = std::max(until, open.until);
    at_latest(Deadline::At(until), Cause::kGrace);
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
