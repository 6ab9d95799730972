#include "service/rpc/metadata.h"

#include <chrono>
#include <string_view>

#include "service/base/nearest_name.h"
#include "service/base/request_id.h"

namespace mom {

std::string RequestIdOf(const grpc::ServerContext& context, const std::string& from_message) {
  const auto found = context.client_metadata().find(kRequestIdKey);
  if (found != context.client_metadata().end()) {
    std::string id(found->second.data(), found->second.size());
    if (IsValidRequestId(id)) return id;
  }
  return IsValidRequestId(from_message) ? from_message : NewRequestId();
}

std::optional<TraceContext> TraceOf(const grpc::ServerContext& context) {
  const auto found = context.client_metadata().find("traceparent");
  if (found == context.client_metadata().end()) return std::nullopt;
  return ParseTraceparent(std::string_view(found->second.data(), found->second.size()));
}

StatusOr<std::optional<ContractChoice>> ContractOf(const grpc::ServerContext& context) {
  constexpr char kKey[] = "x-mom-contract";
  const auto found = context.client_metadata().find(kKey);
  if (found == context.client_metadata().end()) return std::optional<ContractChoice>();
  const auto choice =
      ContractChoiceFromName(std::string_view(found->second.data(), found->second.size()));
  if (!choice) {
    return InvalidField(kKey, "must be one of " + JoinNames(ContractChoiceNames()));
  }
  return choice;
}

Deadline DeadlineOf(const grpc::ServerContext& context) {
  using Clock = std::chrono::system_clock;
  const Clock::time_point at = context.deadline();
  if (at == Clock::time_point::max()) return Deadline::Never();
  return Deadline::After(at - Clock::now());
}

}  // namespace mom
