// The service mom.v1.MomService.
#ifndef MOM_RPC_MOM_SERVICE_H_
#define MOM_RPC_MOM_SERVICE_H_

#include <chrono>

#include "mom/v1/mom_service.grpc.pb.h"
#include "service/engine/engine.h"
#include "service/rpc/get_run.h"
#include "service/rpc/method_calls.h"
#include "service/rpc/rpc_service.h"

namespace mom {

class MomService final : public RpcService {
 public:
  // `heartbeat`: how long a stream may be silent. Engine and runs must outlive the calls.
  MomService(Engine& engine, RunArchive& runs, std::chrono::milliseconds heartbeat);
  grpc::Service& service() override { return service_; }
  void OpenSlots(CallHost& host, int loops) override;

 private:
  using Api = v1::MomService;
  Api::WithRawMethod_Synthesize<Api::WithRawMethod_SynthesizeStream<
      Api::WithRawMethod_ModelQuery<Api::WithRawMethod_ModelQueryStream<
          Api::WithRawMethod_ListModels<Api::WithRawMethod_GetRun<Api::Service>>>>>>
      service_;
  UnaryCall::Method synthesize_;
  StreamCall::Method synthesize_stream_;
  UnaryCall::Method model_query_;
  StreamCall::Method model_query_stream_;
  UnaryCall::Method list_models_;
  UnaryCall::Method get_run_;
};

}  // namespace mom

#endif  // MOM_RPC_MOM_SERVICE_H_
