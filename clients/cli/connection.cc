#include "clients/cli/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/support/channel_arguments.h>

#include <chrono>
#include <utility>

#include "rest_shim/rpc_status.h"
#include "service/base/reasons.h"

namespace mom::cli {
namespace {

constexpr std::chrono::seconds kShortCall{5};

std::shared_ptr<grpc::Channel> MakeChannel(const std::string& address) {
  grpc::ChannelArguments args;
  args.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  args.SetMaxReceiveMessageSize(-1);
  args.SetMaxSendMessageSize(-1);
  return grpc::CreateCustomChannel(address, grpc::InsecureChannelCredentials(), args);
}

}  // namespace

Connection::Connection(std::string address)
    : address_(std::move(address)),
      channel_(MakeChannel(address_)),
      mom_(v1::MomService::NewStub(channel_)),
      health_(grpc::health::v1::Health::NewStub(channel_)) {}

void Connection::LimitTime(grpc::ClientContext& context) {
  context.set_deadline(std::chrono::system_clock::now() + kShortCall);
}

Status Connection::Connect() {
  const auto deadline = std::chrono::system_clock::now() + kShortCall;
  while (true) {
    const grpc_connectivity_state state = channel_->GetState(/*try_to_connect=*/true);
    if (state == GRPC_CHANNEL_READY) return Status();
    if (state == GRPC_CHANNEL_TRANSIENT_FAILURE || !channel_->WaitForStateChange(state, deadline)) {
      return NobodyAnswers(ErrorInfo());
    }
  }
}

Status Connection::ToStatus(const grpc::Status& status) const {
  Status out = rest::FromGrpcStatus(status);
  ErrorInfo info = GetErrorInfo(out);
  // momd's own statuses have a reason.
  const bool is_late = out.code() == StatusCode::kDeadlineExceeded && info.reason.empty();
  if (!is_late && info.reason != reason::kServiceUnreachable) return out;
  return NobodyAnswers(std::move(info));
}

Status Connection::NobodyAnswers(ErrorInfo info) const {
  info.reason = reason::kServiceUnreachable;
  return MakeError(StatusCode::kUnavailable,
                   "no momd answers at " + address_ +
                       "; start it, or say where it is with --address, --config or MOM_ADDRESS",
                   std::move(info));
}

}  // namespace mom::cli
