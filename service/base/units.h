// Numbers as people write them in the config.
#ifndef MOM_BASE_UNITS_H_
#define MOM_BASE_UNITS_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mom {

// Each gives nullopt where the whole text is not such a value. Blanks are not skipped.
std::optional<std::int64_t> ParseInteger(std::string_view text);
// Finite only.
std::optional<double> ParseNumber(std::string_view text);
// A number and one of ms, s, m, h, d: "250ms", "1.5s"; rounded to milliseconds. Never negative.
std::optional<std::chrono::milliseconds> ParseDuration(std::string_view text);
// A number of bytes, bare or with KiB, MiB or GiB: "65536", "1.5MiB". Never negative.
std::optional<std::int64_t> ParseBytes(std::string_view text);

// The shortest text that the parser of the same kind reads back as this value.
std::string FormatNumber(double value);
std::string FormatDuration(std::chrono::milliseconds value);
std::string FormatBytes(std::int64_t value);

}  // namespace mom

#endif  // MOM_BASE_UNITS_H_
