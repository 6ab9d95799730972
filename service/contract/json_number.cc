#include "service/contract/json_number.h"

#include <charconv>

namespace mom {
namespace {

constexpr std::int64_t kMaxExponent = 1'000'000'000;

__extension__ using Wide = unsigned __int128;

// 10^exponent modulo `modulus`.
std::uint64_t PowerOfTen(std::int64_t exponent, std::uint64_t modulus) {
  Wide power = 1 % modulus;
  Wide square = 10 % modulus;
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 == 1) power = power * square % modulus;
    square = square * square % modulus;
  }
  return static_cast<std::uint64_t>(power);
}

std::strong_ordering CompareSizes(const JsonNumber& a, const JsonNumber& b) {
  // Where the first digit stands, then the digits as of a fraction.
  const auto place = [](const JsonNumber& number) {
    return static_cast<std::int64_t>(number.digits.size()) + number.exponent;
  };
  if (a.digits.empty() || b.digits.empty()) return !a.digits.empty() <=> !b.digits.empty();
  if (place(a) != place(b)) return place(a) <=> place(b);
  return a.digits <=> b.digits;
}

}  // namespace

std::optional<JsonNumber> ReadJsonNumber(std::string_view text) {
  JsonNumber number;
  number.negative = text.starts_with('-');
  if (number.negative) text.remove_prefix(1);
  const std::size_t mark = text.find_first_of("eE");
  if (mark != std::string_view::npos) {
    std::string_view exponent = text.substr(mark + 1);
    if (exponent.starts_with('+')) exponent.remove_prefix(1);
    const auto read =
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), number.exponent);
    if (read.ec != std::errc() || number.exponent > kMaxExponent ||
        number.exponent < -kMaxExponent) {
      return std::nullopt;
    }
    text = text.substr(0, mark);
  }
  const std::size_t point = text.find('.');
  number.digits = text.substr(0, point);
  if (point != std::string_view::npos) {
    number.digits += text.substr(point + 1);
    number.exponent -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  const std::size_t last = number.digits.find_last_not_of('0');
  if (last == std::string::npos) return JsonNumber();  // zero, which has no sign either
  number.exponent += static_cast<std::int64_t>(number.digits.size() - last - 1);
  number.digits.erase(last + 1);
  number.digits.erase(0, number.digits.find_first_not_of('0'));
  return number;
}

std::string ToText(const JsonNumber& number) {
  // Longer ones are told with an exponent, so that `1e1000000000` is no gigabyte.
  constexpr std::int64_t kLongestZeros = 30;
  if (number.digits.empty()) return "0";
  std::string text = number.digits;
  const auto size = static_cast<std::int64_t>(text.size());
  if (number.exponent > kLongestZeros || -number.exponent > size + kLongestZeros) {
    text += "e" + std::to_string(number.exponent);
  } else if (number.exponent >= 0) {
    text.append(static_cast<std::size_t>(number.exponent), '0');
  } else if (-number.exponent < size) {
    text.insert(static_cast<std::size_t>(size + number.exponent), ".");
  } else {
    text.insert(0, "0." + std::string(static_cast<std::size_t>(-number.exponent - size), '0'));
  }
  return number.negative ? "-" + text : text;
}

std::strong_ordering Compare(const JsonNumber& a, const JsonNumber& b) {
  if (a.negative != b.negative) {
    return a.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return a.negative ? CompareSizes(b, a) : CompareSizes(a, b);
}

bool IsMultipleOf(const JsonNumber& number, const JsonNumber& divisor) {
  if (number.digits.empty()) return true;
  // Neither has a zero at its end, so a multiple has no smaller exponent.
  if (number.exponent < divisor.exponent) return false;
  const std::uint64_t modulus = std::stoull(divisor.digits);
  Wide rest = 0;
  for (const char digit : number.digits) {
    rest = (rest * 10 + static_cast<unsigned>(digit - '0')) % modulus;
  }
  return rest * PowerOfTen(number.exponent - divisor.exponent, modulus) % modulus == 0;
}

}  // namespace mom
