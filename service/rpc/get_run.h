// The RPC GetRun.
#ifndef MOM_RPC_GET_RUN_H_
#define MOM_RPC_GET_RUN_H_

#include <boost/asio/thread_pool.hpp>
#include <optional>
#include <string>

#include "service/rpc/method_calls.h"
#include "service/rpc/run_history.h"

namespace mom {

// The runs that can be told of: those in memory, then the traces. Thread-safe.
class RunArchive {
 public:
  // `traces`: the folder that --debug-requests names; empty: there is none. The history must
  // outlive this.
  RunArchive(const RunHistory& history, std::string traces);

  // The run with this request id or this id of its answer; for "" the last one. RUN_NOT_FOUND tells
  // where was looked. Files are read on a thread of its own.
  asio::awaitable<StatusOr<v1::Run>> Find(std::string id);

 private:
  const RunHistory& history_;
  const std::string traces_;
  std::optional<asio::thread_pool> reader_;  // where there is a folder
};

asio::awaitable<Status> ServeGetRun(UnaryCall& call, RunArchive& archive);

}  // namespace mom

#endif  // MOM_RPC_GET_RUN_H_
