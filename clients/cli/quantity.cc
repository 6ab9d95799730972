#include "clients/cli/quantity.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace mom::cli {
namespace {

std::string Fixed(double value, int decimals) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", decimals, value);
  return text;
}

}  // namespace

std::string FormatSeconds(std::chrono::nanoseconds time) {
  const double seconds = std::chrono::duration<double>(time).count();
  return Fixed(seconds, seconds < 9.995 ? 2 : seconds < 99.95 ? 1 : 0) + " s";
}

std::string FormatCount(std::int64_t count) {
  std::string out = std::to_string(count);
  const std::size_t first = count < 0 ? 1 : 0;
  for (std::size_t at = out.size(); at > first + 3;) out.insert(at -= 3, 1, ',');
  return out;
}

std::string FormatCounted(std::size_t count, const std::string& what) {
  return FormatCount(static_cast<std::int64_t>(count)) + " " + what + (count == 1 ? "" : "s");
}

std::string FormatCost(std::int64_t nanos_usd) {
  const double usd = static_cast<double>(nanos_usd) / 1e9;
  const bool is_small = nanos_usd > 0 && usd < 0.1;
  const int decimals =
      is_small ? std::min(9, 2 - static_cast<int>(std::floor(std::log10(usd)))) : 2;
  std::string text = Fixed(usd, decimals);
  while (text.ends_with('0') && text.size() - text.find('.') > 3) text.pop_back();
  return "$" + text;
}

}  // namespace mom::cli
