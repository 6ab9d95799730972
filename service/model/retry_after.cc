#include "service/model/retry_after.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <string>
#include <string_view>

#include "service/base/ascii.h"

namespace mom {
namespace {

using std::chrono::milliseconds;
using TimePoint = std::chrono::system_clock::time_point;

// Clamps to [0, 1 h]; NaN is no wait at all.
std::optional<milliseconds> Wait(double ms) {
  if (std::isnan(ms)) return std::nullopt;
  constexpr double kHour = 3'600'000;
  return milliseconds(static_cast<std::int64_t>(std::ceil(std::clamp(ms, 0.0, kHour))));
}

// A plain number, all of `text`.
std::optional<double> Number(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  if (text.empty() || stop != end) return std::nullopt;
  if (error == std::errc::result_out_of_range) return text[0] == '-' ? -HUGE_VAL : HUGE_VAL;
  return error == std::errc() ? std::optional<double>(value) : std::nullopt;
}

// "6m0s", "1h2m", "20ms", "1.5s"; a bare number counts seconds. In milliseconds.
std::optional<double> Duration(std::string_view text) {
  if (const auto seconds = Number(text)) return *seconds * 1000;
  double sum = 0;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto value = Number(text.substr(0, digits));
    text.remove_prefix(digits);
    const std::size_t letters = std::min(text.find_first_of("0123456789."), text.size());
    const std::string_view unit = text.substr(0, letters);
    text.remove_prefix(letters);
    const double scale = unit == "ms"  ? 1
                         : unit == "s" ? 1'000
                         : unit == "m" ? 60'000
                         : unit == "h" ? 3'600'000
                         : unit == "d" ? 86'400'000
                                       : 0;
    if (!value || scale == 0) return std::nullopt;
    sum += *value * scale;
  }
  return sum;
}

std::optional<TimePoint> MakeTime(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  const bool in_day = hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 &&
                      second <= 60;  // 60: a leap second
  // The clock counts nanoseconds: years far away would overflow it.
  if (!date.ok() || !in_day || year < 1970 || year > 2200) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

// "Sun, 06 Nov 1994 08:49:37 GMT": the one form that RFC 9110 lets senders use.
std::optional<TimePoint> HttpDate(const std::string& text) {
  static constexpr std::array<std::string_view, 12> kMonths = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int day = 0, year = 0, hour = 0, minute = 0, second = 0;
  char name[4] = "";
  if (std::sscanf(text.c_str(), "%*3s, %2d %3s %4d %2d:%2d:%2d GMT", &day, name, &year, &hour,
                  &minute, &second) != 6) {
    return std::nullopt;
  }
  const auto month = std::find(kMonths.begin(), kMonths.end(), name);
  if (month == kMonths.end() || day < 0) return std::nullopt;
  return MakeTime(year, static_cast<int>(month - kMonths.begin()) + 1, day, hour, minute, second);
}

// "2026-01-02T15:04:05Z", with a fraction or an offset.
std::optional<TimePoint> Rfc3339(const std::string& text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, used = 0;
  if (std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[Tt ]%2d:%2d:%2d%n", &year, &month, &day, &hour,
                  &minute, &second, &used) != 6 ||
      month < 0 || day < 0) {
    return std::nullopt;
  }
  auto time = MakeTime(year, month, day, hour, minute, second);
  std::size_t at = static_cast<std::size_t>(used);
  if (at < text.size() && text[at] == '.') at = text.find_first_not_of("0123456789", at + 1);
  if (!time || at >= text.size()) return std::nullopt;
  const std::string zone = text.substr(at);
  if (zone == "Z" || zone == "z") return time;
  int hours = 0, minutes = 0;
  if ((zone[0] != '+' && zone[0] != '-') ||
      std::sscanf(zone.c_str() + 1, "%2d:%2d", &hours, &minutes) != 2) {
    return std::nullopt;
  }
  const auto offset = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  return zone[0] == '+' ? *time - offset : *time + offset;
}

std::optional<milliseconds> Until(std::optional<TimePoint> time, TimePoint now) {
  if (!time) return std::nullopt;
  return Wait(std::chrono::duration<double, std::milli>(*time - now).count());
}

// The longest reset of the dimensions that have nothing left.
std::optional<milliseconds> ExhaustedReset(const HttpResponse& head, TimePoint now) {
  std::optional<milliseconds> longest;
  const auto consider = [&](const std::string& remaining, const std::string& reset) {
    const auto left = Number(Trim(head.Header(remaining)));
    if (!left || *left > 0) return;
    const std::string text(Trim(head.Header(reset)));
    auto wait = Until(Rfc3339(text), now);
    if (const auto ms = Duration(text); !wait && !text.empty() && ms) wait = Wait(*ms);
    if (wait && (!longest || *wait > *longest)) longest = wait;
  };
  for (const char* what : {"requests", "tokens"}) {
    consider(std::string("x-ratelimit-remaining-") + what,
             std::string("x-ratelimit-reset-") + what);
  }
  for (const char* what : {"requests", "tokens", "input-tokens", "output-tokens"}) {
    const std::string prefix = std::string("anthropic-ratelimit-") + what;
    consider(prefix + "-remaining", prefix + "-reset");
  }
  return longest;
}

// By the response's own clock, where it tells it.
TimePoint NowOf(const HttpResponse& head, TimePoint now) {
  return HttpDate(std::string(Trim(head.Header("date")))).value_or(now);
}

}  // namespace

std::optional<milliseconds> RetryAfter(const HttpResponse& head, TimePoint now) {
  now = NowOf(head, now);
  if (const auto ms = Number(Trim(head.Header("retry-after-ms")))) {
    if (const auto wait = Wait(*ms)) return wait;
  }
  const std::string after(Trim(head.Header("retry-after")));
  if (const auto seconds = Number(after)) {
    if (const auto wait = Wait(*seconds * 1000)) return wait;
  }
  if (const auto wait = Until(HttpDate(after), now)) return wait;
  return ExhaustedReset(head, now);
}

std::optional<milliseconds> ExhaustedFor(const HttpResponse& head, TimePoint now) {
  return ExhaustedReset(head, NowOf(head, now));
}

}  // namespace mom
