#include "service/base/log.h"

#include <unistd.h>

#include <atomic>
#include <chrono>

#include "service/base/json_writer.h"
#include "service/base/utc_time.h"
#include "service/base/utf8.h"

namespace mom {
namespace {

std::atomic<LogLevel> g_level{LogLevel::kInfo};

constexpr std::size_t kMaxValueBytes = 4096;
constexpr std::size_t kMaxLineBytes = 16 * 1024;

const char* NameOf(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "debug";
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warning";
    case LogLevel::kError:
      return "error";
  }
  return "error";
}

void WriteValue(JsonWriter& json, std::string_view value) {
  json.String(ToValidUtf8(std::string(value.substr(0, kMaxValueBytes))));
}

}  // namespace

void SetLogLevel(LogLevel level) { g_level.store(level, std::memory_order_relaxed); }

bool ParseLogLevel(std::string_view name, LogLevel* level) {
  for (LogLevel known : {LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError}) {
    if (name == NameOf(known)) {
      *level = known;
      return true;
    }
  }
  return false;
}

void SetLogLevel(std::string_view name) {
  LogLevel level;
  if (ParseLogLevel(name, &level)) SetLogLevel(level);
}

void Log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (level < g_level.load(std::memory_order_relaxed)) return;
  JsonWriter json;
  const std::string now = FormatUtcMillis(std::chrono::system_clock::now(), "%Y-%m-%dT%H:%M:%S");
  json.BeginObject().Field("time", now).Field("level", NameOf(level)).Field("event", event);
  for (const LogField& field : fields) {
    if (json.text().size() > kMaxLineBytes - kMaxValueBytes) {
      json.Field("cut", true);
      break;
    }
    json.Key(field.key);
    if (const auto* text = std::get_if<std::string_view>(&field.value)) {
      WriteValue(json, *text);
    } else if (const auto* number = std::get_if<std::int64_t>(&field.value)) {
      json.Int(*number);
    } else if (const auto* real = std::get_if<double>(&field.value)) {
      json.Double(*real);
    } else if (const auto* truth = std::get_if<bool>(&field.value)) {
      json.Bool(*truth);
    } else {
      json.Null();
    }
  }
  json.EndObject();
  std::string line = json.TakeString();
  line.push_back('\n');
  // Lost only where stderr itself is gone; there is nobody left to tell.
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace mom
