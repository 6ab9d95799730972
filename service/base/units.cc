#include "service/base/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <system_error>

namespace mom {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;
};
// Largest first, so that formatting finds the largest that divides.
constexpr std::array<Unit, 5> kDurationUnits = {
    {{"d", 86'400'000}, {"h", 3'600'000}, {"m", 60'000}, {"s", 1'000}, {"ms", 1}}};
constexpr std::array<Unit, 4> kByteUnits = {
    {{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}, {"", 1}}};

constexpr double kLargest = 1e18;  // well inside 64 bits

template <typename T>
std::optional<T> ParseAll(std::string_view text) {
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

template <std::size_t N>
std::optional<std::int64_t> ParseWithUnit(std::string_view text, const std::array<Unit, N>& units) {
  const std::size_t number_end = text.find_first_not_of("0123456789.");
  const std::string_view name = number_end == std::string_view::npos ? "" : text.substr(number_end);
  const std::optional<double> number = ParseNumber(text.substr(0, number_end));
  if (!number) return std::nullopt;
  for (const Unit& unit : units) {
    if (unit.name != name) continue;
    const double value = *number * static_cast<double>(unit.size);
    if (value > kLargest) return std::nullopt;
    return std::llround(value);
  }
  return std::nullopt;
}

template <std::size_t N>
std::string FormatWithUnit(std::int64_t value, const std::array<Unit, N>& units) {
  for (const Unit& unit : units) {
    if (value == 0 ? unit.size == 1 : value % unit.size == 0) {
      return std::to_string(value / unit.size).append(unit.name);
    }
  }
  return {};  // not reached: the smallest unit divides everything
}

}  // namespace

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  return ParseAll<std::int64_t>(text);
}

std::optional<double> ParseNumber(std::string_view text) {
  const std::optional<double> value = ParseAll<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  const std::optional<std::int64_t> value = ParseWithUnit(text, kDurationUnits);
  if (!value) return std::nullopt;
  return std::chrono::milliseconds(*value);
}

std::optional<std::int64_t> ParseBytes(std::string_view text) {
  return ParseWithUnit(text, kByteUnits);
}

std::string FormatNumber(double value) {
  std::array<char, 32> text;
  const auto result = std::to_chars(text.data(), text.data() + text.size(), value);
  return std::string(text.data(), result.ptr);
}

std::string FormatDuration(std::chrono::milliseconds value) {
  return FormatWithUnit(value.count(), kDurationUnits);
}

std::string FormatBytes(std::int64_t value) { return FormatWithUnit(value, kByteUnits); }

}  // namespace mom
