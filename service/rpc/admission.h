// How much momd takes on at a time.
#ifndef MOM_RPC_ADMISSION_H_
#define MOM_RPC_ADMISSION_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>

#include "service/base/async_event.h"
#include "service/base/deadline.h"
#include "service/base/status.h"

namespace mom {

// Each is a key below `server`.
struct AdmissionLimits {
  int requests = 1000;                         // max_requests: those that run
  std::int64_t bytes = std::int64_t{1} << 30;  // max_memory: the weight of those that run
  int queue = 100;                             // max_queue: those that wait
  std::chrono::milliseconds wait{5000};        // max_wait
  bool operator==(const AdmissionLimits&) const = default;
};

// Lets requests run up to the limits, lets some more wait for their turn, and refuses the others.
// First come, first served: a heavy request is not passed by lighter ones. One that is heavier than
// all that may run runs alone. What waits may weigh as much again as what runs, of which it holds
// the least part yet. Must outlive its places. Thread-safe.
class Admission {
  struct Entry;

 public:
  explicit Admission(const AdmissionLimits& limits) : limits_(limits) {}

  // Gives up a request's place, or its turn, when it goes. Goes on the loop that asked for it.
  struct Leaver {
    Admission* admission;
    void operator()(Entry* entry) const;
  };
  using Place = std::unique_ptr<Entry, Leaver>;

  // Suspends until the request, which weighs `bytes`, may run. Errors: kUnavailable with OVERLOADED
  // and the time to wait, at once where too many wait already, else after the longest wait;
  // kDeadlineExceeded with DEADLINE. Cancellation: throws boost::system::system_error
  // (operation_aborted).
  asio::awaitable<StatusOr<Place>> Enter(std::int64_t bytes, Deadline deadline);

  // For those that wait too, but for how long.
  void SetLimits(const AdmissionLimits& limits);
  int running() const;
  int waiting() const;

 private:
  // Whether it runs now; else it waits. kUnavailable: it may not even wait.
  StatusOr<bool> Add(Entry& entry);
  void Leave(Entry& entry);
  bool IsAdmitted(const Entry& entry) const;
  std::chrono::milliseconds longest_wait() const;
  Status WaitedInVain() const;

  // With the lock held.
  bool Fits(const Entry& entry) const;
  void Admit(Entry& entry);
  void AdmitNext();
  Status Overloaded(const char* why_not_later) const;

  mutable std::mutex mutex_;
  // All below are guarded by mutex_.
  AdmissionLimits limits_;
  int running_ = 0;
  std::int64_t running_bytes_ = 0;
  std::int64_t waiting_bytes_ = 0;
  std::deque<Entry*> queue_;
};

}  // namespace mom

#endif  // MOM_RPC_ADMISSION_H_
