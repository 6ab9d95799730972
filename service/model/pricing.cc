#include "service/model/pricing.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mom {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

// Money is counted in integers, or halves would round by the whim of binary fractions. A price of
// one USD per million tokens is 1e6 picodollars a token.
std::int64_t PicosPerToken(double usd_per_million) {
  return static_cast<std::int64_t>(std::llround(std::clamp(usd_per_million, 0.0, 1e9) * 1e6));
}

std::int64_t SaturatingAdd(std::int64_t a, std::int64_t b) { return a > kMost - b ? kMost : a + b; }

std::int64_t Picos(std::int64_t tokens, double usd_per_million) {
  const std::int64_t each = PicosPerToken(usd_per_million);
  tokens = std::max<std::int64_t>(tokens, 0);
  return each != 0 && tokens > kMost / each ? kMost : tokens * each;
}

}  // namespace

std::int64_t CostNanosUsd(const Usage& usage, const Price& price) {
  const std::int64_t prompt = std::max<std::int64_t>(usage.prompt_tokens, 0);
  const std::int64_t cached = std::clamp<std::int64_t>(usage.cached_tokens.value_or(0), 0, prompt);
  std::int64_t picos = Picos(prompt - cached, price.input);
  picos = SaturatingAdd(picos, Picos(cached, price.cached_input.value_or(price.input)));
  picos = SaturatingAdd(picos, Picos(usage.completion_tokens, price.output));
  return SaturatingAdd(picos, 500) / 1000;
}

}  // namespace mom
