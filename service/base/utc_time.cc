#include "service/base/utc_time.h"

#include <cstdio>
#include <ctime>

namespace mom {

std::string FormatUtc(std::chrono::system_clock::time_point time, const char* format) {
  const std::time_t seconds =
      std::chrono::system_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(time));
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  char text[64];
  return std::string(text, std::strftime(text, sizeof text, format, &utc));
}

std::string FormatUtcMillis(std::chrono::system_clock::time_point time, const char* format) {
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(time) -
                      std::chrono::floor<std::chrono::seconds>(time);
  char rest[16];
  std::snprintf(rest, sizeof rest, ".%03dZ", static_cast<int>(millis.count()));
  return FormatUtc(time, format) + rest;
}

}  // namespace mom
