// The runs that are over.
#ifndef MOM_RPC_RUN_HISTORY_H_
#define MOM_RPC_RUN_HISTORY_H_

#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "mom/v1/mom_service.pb.h"
#include "service/engine/run.h"

namespace mom {

// Keeps what GetRun tells of the last runs, in the form in which it is sent: some 2 KiB each, and
// nothing of what was asked and answered. Thread-safe.
class RunHistory final : public RunObserver {
 public:
  // What all of them may take together; then the oldest go early.
  static constexpr std::size_t kMaxBytes = std::size_t{64} << 20;

  // `most`: how many are kept; 0: none.
  explicit RunHistory(std::size_t most, std::size_t max_bytes = kMaxBytes)
      : most_(most), max_bytes_(max_bytes) {}

  void Finished(std::shared_ptr<const RunRecord> record) override;

  // The last one that has this request id, or this id of its answer; for "" the last of all.
  std::optional<v1::Run> Find(std::string_view id) const;
  std::size_t most() const { return most_; }

 private:
  struct Kept {
    std::string request_id;
    std::string id;
    std::string run;  // a v1::Run's bytes
    std::size_t size() const;
  };

  const std::size_t most_;
  const std::size_t max_bytes_;
  mutable std::mutex mutex_;
  std::deque<Kept> kept_;  // oldest first; guarded by mutex_
  std::size_t bytes_ = 0;  // guarded by mutex_
};

}  // namespace mom

#endif  // MOM_RPC_RUN_HISTORY_H_
