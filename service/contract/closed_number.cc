#include "service/contract/closed_number.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <numeric>

namespace mom {
namespace {

// digits * 10^exponent, without zeros that say nothing.
std::string Decimal(bool negative, std::string digits, std::int64_t exponent) {
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string::npos) return "0";
  digits.erase(0, first);
  const std::size_t zeros = digits.size() - 1 - digits.find_last_not_of('0');
  digits.resize(digits.size() - zeros);
  exponent += static_cast<std::int64_t>(zeros);
  if (exponent >= 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
  } else {
    const auto places = static_cast<std::size_t>(-exponent);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

std::optional<std::int64_t> Whole(std::string_view digits) {
  constexpr std::size_t kMostDigits = 18;
  std::int64_t value = 0;
  const char* end = digits.data() + digits.size();
  if (digits.size() > kMostDigits ||
      std::from_chars(digits.data(), end, value) != std::from_chars_result{end, std::errc()}) {
    return std::nullopt;
  }
  return value;
}

std::optional<std::string> Fraction(bool negative, std::string_view above, std::string_view below) {
  std::optional<std::int64_t> p = Whole(above);
  std::optional<std::int64_t> q = Whole(below);
  if (!p || !q || *q == 0) return std::nullopt;
  const std::int64_t common = std::gcd(*p, *q);
  *p /= common;
  *q /= common;
  // With enough zeros it has an end, or it has none.
  std::string digits;
  std::int64_t places = 0;
  std::int64_t rest = *p % *q;
  constexpr std::int64_t kMostPlaces = 18;
  constexpr std::int64_t kMostBelow = 1'000'000;
  if (*q <= kMostBelow) {
    for (; rest != 0 && places < kMostPlaces; ++places) {
      digits += static_cast<char>('0' + rest * 10 / *q);
      rest = rest * 10 % *q;
    }
  }
  if (rest == 0) return Decimal(negative, std::to_string(*p / *q) + digits, -places);
  return (negative ? "-" : "") + std::to_string(*p) + "/" + std::to_string(*q);
}

}  // namespace

std::optional<std::string> CanonicalNumber(std::string_view number) {
  std::string text(number);
  std::erase(text, ',');
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.erase(0, 1);
  if (const std::size_t slash = text.find('/'); slash != std::string::npos) {
    return Fraction(negative, std::string_view(text).substr(0, slash),
                    std::string_view(text).substr(slash + 1));
  }
  std::int64_t exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string::npos) {
    const std::size_t from = e + (text[e + 1] == '+' ? 2 : 1);
    std::from_chars(text.data() + from, text.data() + text.size(), exponent);
    text.resize(e);
  }
  if (const std::size_t point = text.find('.'); point != std::string::npos) {
    exponent -= static_cast<std::int64_t>(text.size() - point - 1);
    text.erase(point, 1);
  }
  return Decimal(negative, std::move(text), exponent);
}

}  // namespace mom
