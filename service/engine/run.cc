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
  if (done_) HandOver();
  if (idle_) idle_->Set();
}

asio::awaitable<void> RunRecord::WaitIdle() { co_await idle_->Wait(); }

void RunRecord::Close(std::function<void(std::shared_ptr<const RunRecord>)> done) {
  idle_.reset();
  done_ = std::move(done);
  if (open_ == 0) HandOver();
}

void RunRecord::HandOver() {
  AddUpCandidates();
  std::exchange(done_, nullptr)(shared_from_this());
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

Candidate& RunRecord::Add(Candidate candidate) {
  candidate.number = static_cast<int>(candidates.size()) + 1;
  return candidates.emplace_back(std::move(candidate));
}

void RunRecord::AddUp(Candidate& candidate) const {
  const bool knows_times = candidate.latency.count() > 0;
  candidate.attempts = 0;
  candidate.usage = Usage();
  std::optional<std::chrono::system_clock::time_point> first;
  for (const Attempt& attempt : attempts_) {
    if (attempt.candidate != candidate.number) continue;
    ++candidate.attempts;
    candidate.usage += attempt.usage;
    if (!first) first = attempt.start_time;
    if (knows_times) continue;
    const std::chrono::nanoseconds before = attempt.start_time - *first;
    candidate.latency = before + attempt.latency;
    if (attempt.time_to_first_token && !candidate.time_to_first_token) {
      candidate.time_to_first_token = before + *attempt.time_to_first_token;
    }
  }
}

void RunRecord::AddUpCandidates() {
  for (Candidate& candidate : candidates) AddUp(candidate);
}

}  // namespace mom
