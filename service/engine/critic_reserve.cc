#include "service/engine/critic_reserve.h"

#include <algorithm>

namespace mom {
namespace {

constexpr double kShare = 0.9;
constexpr double kUsual = 0.5;

// Bounds in percent of the whole, and what it is until more is known.
struct Share {
  int least;
  int most;
  int unknown;
};
constexpr Share kCritic{25, 60, 25};
constexpr Share kAnalysis{5, 20, 10};

Pace::Duration Bounded(Pace::Duration whole, Share share, std::optional<Pace::Duration> needed) {
  // A request's time may be over before it runs.
  const Pace::Duration percent = std::max(whole, Pace::Duration::zero()) / 100;
  return std::clamp(needed.value_or(percent * share.unknown), percent * share.least,
                    percent * share.most);
}

std::optional<Pace::Duration> Needed(const Pace& pace, std::optional<std::int64_t> max_tokens) {
  if (!max_tokens) return pace.ToGo(Pace::Of::kCriticAnswer, kShare);
  const auto start = pace.ToGo(Pace::Of::kCriticStart, kShare);
  const auto token = pace.ToGo(Pace::Of::kCriticToken, kUsual);
  if (!start || !token) return std::nullopt;
  // In doubles, which do not overflow.
  const std::chrono::duration<double, std::nano> needed =
      *start + std::chrono::duration<double, std::nano>(*token) * static_cast<double>(*max_tokens);
  constexpr std::chrono::hours kLongest{24 * 365};
  return needed < kLongest ? std::chrono::duration_cast<Pace::Duration>(needed)
                           : Pace::Duration(kLongest);
}

}  // namespace

Pace::Duration CriticReserve(Pace::Duration whole, const Pace& pace,
                             std::optional<std::int64_t> max_tokens) {
  return Bounded(whole, kCritic, Needed(pace, max_tokens));
}

Pace::Duration AnalysisReserve(Pace::Duration whole, const Pace& pace) {
  return Bounded(whole, kAnalysis, pace.ToGo(Pace::Of::kAnalysis, kShare));
}

Pace::Duration ReserveOfBoth(Pace::Duration whole, const Pace& pace,
                             std::optional<std::int64_t> max_tokens) {
  return Bounded(whole, kCritic,
                 CriticReserve(whole, pace, max_tokens) + AnalysisReserve(whole, pace));
}

Pace::Duration JudgeReserve(Pace::Duration whole, const Pace& pace) {
  constexpr double kNearlyAll = 0.95;
  constexpr std::chrono::seconds kUnknown{10};
  constexpr std::chrono::seconds kLeast{1};
  const Pace::Duration usual = pace.ToGo(Pace::Of::kJudgement, kNearlyAll).value_or(kUnknown);
  const Pace::Duration most = std::max(whole, Pace::Duration::zero()) / 10;
  return std::min(std::max<Pace::Duration>(usual, kLeast), most);
}

}  // namespace mom
