// Points in time as text, in UTC.
#ifndef MOM_BASE_UTC_TIME_H_
#define MOM_BASE_UTC_TIME_H_

#include <chrono>
#include <string>

namespace mom {

// `format` is strftime's; the text has at most 63 bytes. Thread-safe.
std::string FormatUtc(std::chrono::system_clock::time_point time, const char* format);

// The same, with milliseconds and the zone behind it: "2026-11-23T09:07:25" + ".123Z".
std::string FormatUtcMillis(std::chrono::system_clock::time_point time, const char* format);

}  // namespace mom

#endif  // MOM_BASE_UTC_TIME_H_
