#include "service/rpc/grpc_status.h"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "google/rpc/error_details.pb.h"
#include "service/base/reasons.h"
#include "service/base/utf8.h"

namespace mom {
namespace {

constexpr std::size_t kMaxTextBytes = 1024;
// Clients take 8 KiB of trailers by default, and the details travel as base64.
constexpr std::size_t kMaxMetadataBytes = 3 * 1024;
// Where a provider asks to slow down and does not say for how long.
constexpr std::chrono::seconds kUsualRetryDelay{3};

std::string Cut(std::string text) {
  if (text.size() > kMaxTextBytes) {
    std::size_t end = kMaxTextBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    text.resize(end);
  }
  return ToValidUtf8(std::move(text));
}

google::rpc::ErrorInfo ToErrorInfo(const ErrorInfo& info) {
  google::rpc::ErrorInfo out;
  out.set_reason(info.reason);
  out.set_domain(kErrorDomain);
  std::size_t bytes = 0;
  for (const auto& [key, value] : info.metadata) {
    std::string text = Cut(value);
    bytes += key.size() + text.size();
    if (bytes > kMaxMetadataBytes) break;
    (*out.mutable_metadata())[key] = std::move(text);
  }
  return out;
}

std::optional<std::chrono::milliseconds> RetryDelay(const ErrorInfo& info) {
  const bool slows_down = info.reason == reason::kUpstreamRateLimited;
  return slows_down && !info.retry_after ? kUsualRetryDelay : info.retry_after;
}

google::rpc::RetryInfo ToRetryInfo(std::chrono::milliseconds delay) {
  google::rpc::RetryInfo out;
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(delay);
  const std::chrono::nanoseconds rest = delay - seconds;
  out.mutable_retry_delay()->set_seconds(seconds.count());
  out.mutable_retry_delay()->set_nanos(static_cast<int>(rest.count()));
  return out;
}

google::rpc::BadRequest ToBadRequest(const std::string& field, const std::string& description) {
  google::rpc::BadRequest out;
  google::rpc::BadRequest::FieldViolation* violation = out.add_field_violations();
  violation->set_field(field);
  violation->set_description(description);
  return out;
}

}  // namespace

google::rpc::Status ToRpcStatus(const Status& status) {
  google::rpc::Status out;
  out.set_code(static_cast<int>(status.code()));
  if (status.ok()) return out;
  out.set_message(Cut(MessageOf(status)));
  const ErrorInfo info = GetErrorInfo(status);
  if (!info.reason.empty()) out.add_details()->PackFrom(ToErrorInfo(info));
  if (const auto delay = RetryDelay(info)) out.add_details()->PackFrom(ToRetryInfo(*delay));
  if (!info.field.empty())
    out.add_details()->PackFrom(ToBadRequest(Cut(info.field), out.message()));
  return out;
}

grpc::Status ToGrpcStatus(const Status& status) {
  if (status.ok()) return grpc::Status::OK;
  const google::rpc::Status rpc = ToRpcStatus(status);
  return grpc::Status(static_cast<grpc::StatusCode>(rpc.code()), rpc.message(),
                      rpc.SerializeAsString());
}

}  // namespace mom
