#include "rest_shim/rpc_status.h"

#include <chrono>
#include <utility>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "service/base/reasons.h"

namespace mom::rest {
namespace {

ErrorInfo InfoFrom(const google::rpc::Status& rpc) {
  ErrorInfo info;
  for (const auto& detail : rpc.details()) {
    google::rpc::ErrorInfo error;
    google::rpc::RetryInfo retry;
    google::rpc::BadRequest bad;
    if (detail.UnpackTo(&error)) {
      info.reason = error.reason();
      info.metadata.insert(error.metadata().begin(), error.metadata().end());
    } else if (detail.UnpackTo(&retry)) {
      info.retry_after = std::chrono::seconds(retry.retry_delay().seconds()) +
                         std::chrono::milliseconds(retry.retry_delay().nanos() / 1'000'000);
    } else if (detail.UnpackTo(&bad) && bad.field_violations_size() > 0) {
      info.field = bad.field_violations(0).field();
    }
  }
  return info;
}

}  // namespace

Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return Status();
  google::rpc::Status rpc;
  ErrorInfo info;
  if (rpc.ParseFromString(status.error_details())) info = InfoFrom(rpc);
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE && info.reason.empty()) {
    info.reason = reason::kServiceUnreachable;
    return MakeError(StatusCode::kUnavailable,
                     "The MoM service does not answer. Start momd, or correct `rest.service` in "
                     "the config.",
                     std::move(info));
  }
  return MakeError(static_cast<StatusCode>(status.error_code()), status.error_message(),
                   std::move(info));
}

}  // namespace mom::rest
