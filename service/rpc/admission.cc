#include "service/rpc/admission.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <string>
#include <utility>

#include "service/base/reasons.h"

namespace mom {
namespace {

// What a refused client is told to wait: as long as a waiting one does, in which time the queue has
// turned over, but within what clients heed.
constexpr std::chrono::milliseconds kLeastRetryAfter{1000};
constexpr std::chrono::milliseconds kMostRetryAfter{60'000};

Status TimeIsUp() {
  return MakeError(StatusCode::kDeadlineExceeded,
                   "the time of the request was up while it waited for its turn; MoM has too much "
                   "to do",
                   reason::kDeadline);
}

}  // namespace

// One request. Its event is set on its loop, which may find it gone.
struct Admission::Entry {
  Entry(std::int64_t weight, const asio::any_io_executor& loop)
      : bytes(weight), executor(loop), turn(std::make_shared<AsyncEvent>(loop)) {}
  const std::int64_t bytes;
  const asio::any_io_executor executor;
  const std::shared_ptr<AsyncEvent> turn;
  bool admitted = false;  // guarded by the admission's lock
};

void Admission::Leaver::operator()(Entry* entry) const {
  admission->Leave(*entry);
  delete entry;
}

asio::awaitable<StatusOr<Admission::Place>> Admission::Enter(std::int64_t bytes,
                                                             Deadline deadline) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  Place place(new Entry(bytes, executor), Leaver{this});
  const StatusOr<bool> runs = Add(*place);
  if (!runs.ok()) co_return runs.status();
  if (*runs) co_return std::move(place);
  const Deadline limit = Deadline::Earliest(deadline, Deadline::After(longest_wait()));
  co_await place->turn->Wait(limit);
  // Its turn may have come in the last moment.
  if (IsAdmitted(*place)) co_return std::move(place);
  co_return limit == deadline ? TimeIsUp() : WaitedInVain();
}

void Admission::SetLimits(const AdmissionLimits& limits) {
  const std::lock_guard lock(mutex_);
  limits_ = limits;
  AdmitNext();
}

int Admission::running() const {
  const std::lock_guard lock(mutex_);
  return running_;
}

int Admission::waiting() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(queue_.size());
}

StatusOr<bool> Admission::Add(Entry& entry) {
  const std::lock_guard lock(mutex_);
  if (queue_.empty() && Fits(entry)) {
    Admit(entry);
    return true;
  }
  if (static_cast<int>(queue_.size()) >= limits_.queue) {
    return Overloaded("as many as `server.max_queue` allows wait already");
  }
  if (!queue_.empty() && waiting_bytes_ + entry.bytes > limits_.bytes) {
    return Overloaded("those that wait weigh too much already");
  }
  queue_.push_back(&entry);
  waiting_bytes_ += entry.bytes;
  return false;
}

void Admission::Leave(Entry& entry) {
  const std::lock_guard lock(mutex_);
  if (entry.admitted) {
    --running_;
    running_bytes_ -= entry.bytes;
  } else if (std::erase(queue_, &entry) > 0) {
    waiting_bytes_ -= entry.bytes;
  }
  AdmitNext();
}

bool Admission::IsAdmitted(const Entry& entry) const {
  const std::lock_guard lock(mutex_);
  return entry.admitted;
}

std::chrono::milliseconds Admission::longest_wait() const {
  const std::lock_guard lock(mutex_);
  return limits_.wait;
}

Status Admission::WaitedInVain() const {
  const std::lock_guard lock(mutex_);
  return Overloaded("its turn did not come within `server.max_wait`");
}

bool Admission::Fits(const Entry& entry) const {
  if (running_ == 0) return true;
  return running_ < limits_.requests && running_bytes_ + entry.bytes <= limits_.bytes;
}

void Admission::Admit(Entry& entry) {
  entry.admitted = true;
  ++running_;
  running_bytes_ += entry.bytes;
}

void Admission::AdmitNext() {
  while (!queue_.empty() && Fits(*queue_.front())) {
    Entry& entry = *queue_.front();
    queue_.pop_front();
    waiting_bytes_ -= entry.bytes;
    Admit(entry);
    asio::post(entry.executor, [weak = std::weak_ptr(entry.turn)] {
      if (const auto turn = weak.lock()) turn->Set();
    });
  }
}

Status Admission::Overloaded(const char* why_not_later) const {
  const char* const key =
      running_ >= limits_.requests ? "server.max_requests" : "server.max_memory";
  ErrorInfo info;
  info.reason = reason::kOverloaded;
  info.retry_after = std::clamp(limits_.wait, kLeastRetryAfter, kMostRetryAfter);
  info.metadata["config_key"] = key;
  return MakeError(StatusCode::kUnavailable,
                   std::string("MoM has too much to do: it answers as many requests as `") + key +
                       "` allows, and " + why_not_later + "; wait, then ask again",
                   std::move(info));
}

}  // namespace mom
