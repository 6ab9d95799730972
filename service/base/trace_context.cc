#include "service/base/trace_context.h"

#include <algorithm>

#include "service/base/request_id.h"

namespace mom {
namespace {

// "00-<32 digits>-<16 digits>-<2 digits>"
constexpr std::size_t kVersionEnd = 2;
constexpr std::size_t kTraceIdAt = 3;
constexpr std::size_t kTraceIdSize = 32;
constexpr std::size_t kSpanIdAt = 36;
constexpr std::size_t kSpanIdSize = 16;
constexpr std::size_t kFlagsAt = 53;
constexpr std::size_t kSize = 55;

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

bool IsId(std::string_view text) {
  return IsHex(text) && text.find_first_not_of('0') != std::string_view::npos;
}

std::string NewSpanId() {
  std::string id;
  do {
    id = RandomHex().substr(0, kSpanIdSize);
  } while (!IsId(id));
  return id;
}

}  // namespace

std::optional<TraceContext> ParseTraceparent(std::string_view value) {
  if (value.size() < kSize) return std::nullopt;
  const std::string_view version = value.substr(0, kVersionEnd);
  const std::string_view trace_id = value.substr(kTraceIdAt, kTraceIdSize);
  const std::string_view flags = value.substr(kFlagsAt, 2);
  const bool dashes =
      value[kVersionEnd] == '-' && value[kSpanIdAt - 1] == '-' && value[kFlagsAt - 1] == '-';
  const bool is_long = value.size() > kSize;
  const bool size_fits = version == "00" ? !is_long : !is_long || value[kSize] == '-';
  if (!IsHex(version) || version == "ff" || !dashes || !size_fits || !IsId(trace_id) ||
      !IsId(value.substr(kSpanIdAt, kSpanIdSize)) || !IsHex(flags)) {
    return std::nullopt;
  }
  TraceContext context;
  context.trace_id = trace_id;
  constexpr std::string_view kOddDigits = "13579bdf";  // the last bit is set
  context.sampled = kOddDigits.find(flags.back()) != std::string_view::npos;
  return context;
}

std::string NewTraceparent(const TraceContext& context) {
  return "00-" + context.trace_id + "-" + NewSpanId() + (context.sampled ? "-01" : "-00");
}

}  // namespace mom
