#include "service/net/response_head.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string>

#include "service/base/ascii.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

bool IsOneOf(std::string_view value, std::initializer_list<std::string_view> names) {
  const std::string lower = LowerCase(value);
  return std::find(names.begin(), names.end(), std::string_view(lower)) != names.end();
}

// One layer of compression at most, of the kinds that were asked for.
bool AreEncodingsAccepted(const HttpHeaders& headers) {
  int layers = 0;
  for (const auto& [name, value] : headers) {
    if (name == "content-encoding") {
      if (++layers > 1 || !IsOneOf(value, {"", "identity", "gzip", "x-gzip", "deflate"})) {
        return false;
      }
    } else if (name == "transfer-encoding") {
      if (!IsOneOf(value, {"", "identity", "chunked"})) return false;
    }
  }
  return true;
}

}  // namespace

Status ResponseHead::TakeLine(std::string_view line) {
  bytes_ += line.size();
  if (bytes_ > kMaxBytes) {
    return MakeError(StatusCode::kResourceExhausted, "the response's headers are too large",
                     reason::kUpstreamTooLarge);
  }
  if (complete_) return absl::OkStatus();  // a trailer
  if (Trim(line).empty()) return End();
  if (line.starts_with("HTTP/")) {
    BeginResponse(line);
  } else {
    TakeHeader(line);
  }
  return absl::OkStatus();
}

void ResponseHead::BeginResponse(std::string_view status_line) {
  headers_.clear();
  status_ = 0;
  const std::size_t space = status_line.find(' ');
  if (space == std::string_view::npos) return;
  const std::string_view code = Trim(status_line.substr(space));
  std::from_chars(code.data(), code.data() + code.size(), status_);
}

void ResponseHead::TakeHeader(std::string_view line) {
  const bool folded = line.front() == ' ' || line.front() == '\t';
  if (folded) {
    if (!headers_.empty()) headers_.back().second.append(" ").append(Trim(line));
    return;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return;
  headers_.emplace_back(LowerCase(Trim(line.substr(0, colon))),
                        std::string(Trim(line.substr(colon + 1))));
}

Status ResponseHead::End() {
  if (status_ < 200) return absl::OkStatus();
  if (!AreEncodingsAccepted(headers_)) {
    return MakeError(StatusCode::kUnavailable, "the response's body is encoded unasked",
                     reason::kUpstreamProtocol);
  }
  complete_ = true;
  return absl::OkStatus();
}

}  // namespace mom
