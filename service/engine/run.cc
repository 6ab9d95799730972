#include "service/engine/run.h"

#include <algorithm>

namespace mom {

int RunRecord::Started(const Attempt& attempt) {
  attempts_.push_back(attempt);
  const int number = static_cast<int>(attempts_.size());
  attempts_.back().number = number;
  ++open_;
  if (idle_) idle_->Clear();
  return number;
}

void RunRecord::Finished(Attempt attempt) {
  attempts_.at(static_cast<std::size_t>(attempt.number - 1)) = std::move(attempt);
  if (--open_ > 0) return;
  if (done_) {
    std::exchange(done_, nullptr)(shared_from_this());
  } else if (idle_) {
    idle_->Set();
  }
}

asio::awaitable<void> RunRecord::WaitIdle() { co_await idle_->Wait(); }

void RunRecord::Close(std::function<void(std::shared_ptr<const RunRecord>)> done) {
  idle_.reset();
  if (open_ == 0) {
    done(shared_from_this());
  } else {
    done_ = std::move(done);
  }
}

std::vector<ModelUsage> RunRecord::ModelUsages() const {
  std::vector<ModelUsage> usages;
  for (const Attempt& attempt : attempts_) {
    auto it = std::find_if(usages.begin(), usages.end(),
                           [&](const ModelUsage& u) { return u.model == attempt.model; });
    if (it == usages.end()) {
      ModelUsage first;
      first.model = attempt.model;
      first.provider = attempt.provider;
      it = usages.insert(usages.end(), std::move(first));
    }
    it->usage += attempt.usage;
    ++it->attempts;
  }
  return usages;
}

int RunRecord::AttemptsOf(const std::string& model, CallRole role) const {
  return static_cast<int>(std::count_if(
      attempts_.begin(), attempts_.end(),
      [&](const Attempt& attempt) { return attempt.model == model && attempt.role == role; }));
}

}  // namespace mom
