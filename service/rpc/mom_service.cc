#include "service/rpc/mom_service.h"

#include "service/rpc/list_models.h"
#include "service/rpc/model_query_call.h"
#include "service/rpc/synthesize_call.h"

namespace mom {
namespace {

// Fewer make bursts wait for the polling thread's next round; more only cost memory.
constexpr int kMethodSlots = 64;

}  // namespace

MomService::MomService(Engine& engine, RunArchive& runs, std::chrono::milliseconds heartbeat) {
  synthesize_.request = [this](auto... args) { service_.RequestSynthesize(args...); };
  synthesize_.serve = [&engine](UnaryCall& call) { return ServeSynthesize(call, engine); };
  synthesize_stream_.request = [this](auto... args) { service_.RequestSynthesizeStream(args...); };
  synthesize_stream_.serve = [&engine, heartbeat](StreamCall& call) {
    return ServeSynthesizeStream(call, engine, heartbeat);
  };
  model_query_.request = [this](auto... args) { service_.RequestModelQuery(args...); };
  model_query_.serve = [&engine](UnaryCall& call) { return ServeModelQuery(call, engine); };
  model_query_stream_.request = [this](auto... args) { service_.RequestModelQueryStream(args...); };
  model_query_stream_.serve = [&engine, heartbeat](StreamCall& call) {
    return ServeModelQueryStream(call, engine, heartbeat);
  };
  list_models_.request = [this](auto... args) { service_.RequestListModels(args...); };
  list_models_.serve = [&engine](UnaryCall& call) { return ServeListModels(call, engine); };
  get_run_.request = [this](auto... args) { service_.RequestGetRun(args...); };
  get_run_.serve = [&runs](UnaryCall& call) { return ServeGetRun(call, runs); };
  for (UnaryCall::Method* method : {&synthesize_, &model_query_, &list_models_, &get_run_}) {
    method->gated = true;
  }
  for (StreamCall::Method* method : {&synthesize_stream_, &model_query_stream_}) {
    method->gated = true;
  }
}

void MomService::OpenSlots(CallHost& host, int loops) {
  for (const UnaryCall::Method* method : {&synthesize_, &model_query_, &list_models_, &get_run_}) {
    OpenSlotsOf<UnaryCall>(*method, kMethodSlots, host, loops);
  }
  for (const StreamCall::Method* method : {&synthesize_stream_, &model_query_stream_}) {
    OpenSlotsOf<StreamCall>(*method, kMethodSlots, host, loops);
  }
}

}  // namespace mom
