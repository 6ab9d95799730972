#include "service/rpc/run_history.h"

#include <algorithm>
#include <utility>

#include "service/rpc/convert_run.h"

namespace mom {

std::size_t RunHistory::Kept::size() const {
  return sizeof(Kept) + request_id.size() + id.size() + run.size();
}

void RunHistory::Finished(std::shared_ptr<const RunRecord> record) {
  if (most_ == 0) return;
  Kept kept{record->request().request_id, record->id, ToRun(*record).SerializeAsString()};
  const std::lock_guard lock(mutex_);
  bytes_ += kept.size();
  kept_.push_back(std::move(kept));
  while (kept_.size() > most_ || bytes_ > max_bytes_) {
    bytes_ -= kept_.front().size();
    kept_.pop_front();
  }
}

std::optional<v1::Run> RunHistory::Find(std::string_view id) const {
  std::string bytes;
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(kept_.rbegin(), kept_.rend(), [&](const Kept& kept) {
      return id.empty() || kept.request_id == id || kept.id == id;
    });
    if (found == kept_.rend()) return std::nullopt;
    bytes = found->run;
  }
  v1::Run run;
  run.ParseFromString(bytes);
  return run;
}

}  // namespace mom
