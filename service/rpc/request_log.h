// One log line a request.
#ifndef MOM_RPC_REQUEST_LOG_H_
#define MOM_RPC_REQUEST_LOG_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "service/engine/run.h"

namespace mom {

// Writes the event "request": who was asked, what came of it, how long it took and what it cost.
// Never content. Immutable; serves all loops.
class RequestLog final : public RunObserver {
 public:
  void Finished(std::shared_ptr<const RunRecord> record) override;
};

// The same event for a request that never became a run, under the config of `config_generation`.
void LogRefused(const std::string& request_id, const std::optional<TraceContext>& trace,
                const Status& status, std::uint64_t config_generation);

}  // namespace mom

#endif  // MOM_RPC_REQUEST_LOG_H_
