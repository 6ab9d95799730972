// momd, over gRPC.
#ifndef MOM_CLIENTS_CLI_CONNECTION_H_
#define MOM_CLIENTS_CLI_CONNECTION_H_

#include <grpcpp/channel.h>
#include <grpcpp/client_context.h>

#include <memory>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"
#include "mom/v1/mom_service.grpc.pb.h"
#include "service/base/status.h"

namespace mom::cli {

// The service at an address. It connects with the first call, which fails at once where nobody
// listens. Thread-safe.
class Connection {
 public:
  explicit Connection(std::string address);

  v1::MomService::Stub& mom() { return *mom_; }
  grpc::health::v1::Health::Stub& health() { return *health_; }
  const std::string& address() const { return address_; }

  // For a call that momd answers by itself: who does not answer it soon counts as not there.
  static void LimitTime(grpc::ClientContext& context);

  // Waits until momd has answered; an error where nobody does, soon.
  Status Connect();

  // What a call ended with, in words for one who sits at the terminal.
  Status ToStatus(const grpc::Status& status) const;

 private:
  Status NobodyAnswers(ErrorInfo info) const;

  std::string address_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<v1::MomService::Stub> mom_;
  std::unique_ptr<grpc::health::v1::Health::Stub> health_;
};

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_CONNECTION_H_
