#include "service/base/status.h"

#include <utility>

#include "absl/strings/cord.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

constexpr char kPayloadUrl[] = "mom/ErrorInfo";

// One line a fact, "key=value"; a line feed or a backslash in a value is escaped.
void AppendLine(std::string& out, std::string_view key, std::string_view value) {
  out.append(key);
  out.push_back('=');
  for (char c : value) {
    if (c == '\\') {
      out.append("\\\\");
    } else if (c == '\n') {
      out.append("\\n");
    } else {
      out.push_back(c);
    }
  }
  out.push_back('\n');
}

std::string Unescape(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] == '\\' && i + 1 < value.size()) {
      out.push_back(value[++i] == 'n' ? '\n' : '\\');
    } else {
      out.push_back(value[i]);
    }
  }
  return out;
}

}  // namespace

Status WithErrorInfo(const Status& status, const ErrorInfo& info) {
  std::string text;
  if (!info.reason.empty()) AppendLine(text, "reason", info.reason);
  if (!info.field.empty()) AppendLine(text, "field", info.field);
  if (info.retry_after) {
    AppendLine(text, "retry_after_ms", std::to_string(info.retry_after->count()));
  }
  for (const auto& [key, value] : info.metadata) AppendLine(text, ":" + key, value);
  Status out = status;
  out.SetPayload(kPayloadUrl, absl::Cord(text));
  return out;
}

Status MakeError(StatusCode code, std::string_view message, ErrorInfo info) {
  return WithErrorInfo(Status(code, absl::string_view(message.data(), message.size())), info);
}

Status MakeError(StatusCode code, std::string_view message, std::string_view reason) {
  ErrorInfo info;
  info.reason = reason;
  return MakeError(code, message, std::move(info));
}

Status InvalidField(std::string_view field, std::string_view what) {
  ErrorInfo info;
  info.reason = reason::kInvalidArgument;
  info.field = field;
  std::string text;
  if (!field.empty()) text.append("`").append(field).append("` ");
  text.append(what).append(".");
  return MakeError(StatusCode::kInvalidArgument, text, std::move(info));
}

ErrorInfo GetErrorInfo(const Status& status) {
  ErrorInfo info;
  const auto payload = status.GetPayload(kPayloadUrl);
  if (!payload) return info;
  const std::string text(*payload);
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view key = line.substr(0, equals);
    std::string value = Unescape(line.substr(equals + 1));
    if (key == "reason") {
      info.reason = std::move(value);
    } else if (key == "field") {
      info.field = std::move(value);
    } else if (key == "retry_after_ms") {
      info.retry_after = std::chrono::milliseconds(std::stoll(value));
    } else if (key.starts_with(':')) {
      info.metadata.emplace(key.substr(1), std::move(value));
    }
  }
  return info;
}

}  // namespace mom
