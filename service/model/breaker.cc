#include "service/model/breaker.h"

#include <algorithm>
#include <chrono>
#include <cmath>

namespace mom {

std::optional<int> Breaker::Admit(Time now) {
  if (!WouldAdmit(now)) return std::nullopt;
  if (state_ == State::kOpen) {
    state_ = State::kHalfOpen;
    ++number_;
  }
  return number_;
}

bool Breaker::WouldAdmit(Time time) const {
  return state_ == State::kClosed || (state_ == State::kOpen && time >= open_until_);
}

Deadline::Duration Breaker::WaitFrom(Time now) const {
  return state_ == State::kOpen ? std::max(open_until_ - now, Deadline::Duration::zero())
                                : Deadline::Duration::zero();
}

bool Breaker::OnFirstToken(int state) {
  if (state != number_ || state_ != State::kHalfOpen) return false;
  state_ = State::kClosed;
  is_suspect_ = true;
  return true;
}

void Breaker::OnSuccess(int state) {
  if (state != number_) return;
  state_ = State::kClosed;
  failures_ = 0;
  openings_ = 0;
  is_suspect_ = false;
}

bool Breaker::OnFailure(int state, const ErrorInfo& cause, const BreakerConfig& config, Time now,
                        double unit_random) {
  if (config.failures == 0) OnNoVerdict(state);
  if (state != number_ || config.failures == 0) return false;
  ++failures_;
  if (state_ == State::kClosed && !is_suspect_ && failures_ < config.failures) return false;
  is_rejected_ = false;
  // In doubles, which do not overflow.
  const double time = std::min(static_cast<double>(config.open_max.count()),
                               std::ldexp(static_cast<double>(config.open.count()), openings_));
  ++openings_;
  return Open(cause, std::chrono::milliseconds(static_cast<std::int64_t>(time)), now, unit_random);
}

bool Breaker::OnRejection(int state, const ErrorInfo& cause, const BreakerConfig& config, Time now,
                          double unit_random) {
  if (config.failures == 0) OnNoVerdict(state);
  if (state != number_ || config.failures == 0) return false;
  is_rejected_ = true;
  return Open(cause, config.open_max, now, unit_random);
}

void Breaker::OnNoVerdict(int state) {
  if (state != number_ || state_ != State::kHalfOpen) return;
  // The next call is the probe.
  state_ = State::kOpen;
  ++number_;
}

void Breaker::OnCancel(int state, Time now) {
  if (state == number_ && state_ == State::kHalfOpen) open_until_ = now + open_time_;
  OnNoVerdict(state);
}

void Breaker::OnReload(const BreakerConfig& config) {
  const bool is_mended = state_ != State::kClosed && (is_rejected_ || config.failures == 0);
  if (!is_mended) return;
  const int number = number_ + 1;
  *this = Breaker();
  number_ = number;
}

bool Breaker::Open(const ErrorInfo& cause, Deadline::Duration time, Time now, double unit_random) {
  state_ = State::kOpen;
  ++number_;
  is_suspect_ = false;
  cause_ = cause;
  const std::chrono::duration<double, Deadline::Duration::period> jittered =
      time * (0.5 + unit_random / 2);
  open_time_ = std::chrono::duration_cast<Deadline::Duration>(jittered);
  open_until_ = now + open_time_;
  return true;
}

}  // namespace mom
