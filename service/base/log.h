// Structured logs: one JSON object a line on stderr.
#ifndef MOM_BASE_LOG_H_
#define MOM_BASE_LOG_H_

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace mom {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// One key and value of a log line.
struct LogField {
  // nullptr: it is not known.
  using Value = std::variant<std::string_view, std::int64_t, double, bool, std::nullptr_t>;
  std::string_view key;
  Value value;
};

// Writes {"time":...,"level":...,"event":...,fields}. Control characters are escaped and the line
// is cut at 16 KiB. A line is written by one write(2). Thread-safe. Never give it content of
// requests or a secret.
void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});

// Lines below `level` are dropped; kInfo at start.
void SetLogLevel(LogLevel level);
// The same by its name; one that does not exist changes nothing.
void SetLogLevel(std::string_view name);

// "debug", "info", "warning" or "error"; false for anything else.
bool ParseLogLevel(std::string_view name, LogLevel* level);

}  // namespace mom

#endif  // MOM_BASE_LOG_H_
