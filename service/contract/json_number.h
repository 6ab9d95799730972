// Numbers as JSON writes them, exact however large: a double holds integers up to 2^53 only.
#ifndef MOM_CONTRACT_JSON_NUMBER_H_
#define MOM_CONTRACT_JSON_NUMBER_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mom {

// digits * 10^exponent, of which there is one form: `digits` has no zero at either end, and zero
// has no digits.
struct JsonNumber {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;

  bool is_integer() const { return exponent >= 0; }
};

// Reads what is a number by JSON's grammar; the caller vouches that it is. nullopt where its
// exponent is beyond a billion, which no reader of JSON takes. Thread-safe, as all here.
std::optional<JsonNumber> ReadJsonNumber(std::string_view text);

// The same text for equal numbers, which is JSON: "9007199254740993", "0.5", "1e100".
std::string ToText(const JsonNumber& number);

std::strong_ordering Compare(const JsonNumber& a, const JsonNumber& b);

// Whether `number` is `divisor` times an integer. The divisor has at most kMaxDivisorDigits digits,
// and is not zero.
inline constexpr std::size_t kMaxDivisorDigits = 18;
bool IsMultipleOf(const JsonNumber& number, const JsonNumber& divisor);

}  // namespace mom

#endif  // MOM_CONTRACT_JSON_NUMBER_H_
