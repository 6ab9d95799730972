// Keeps the records of the emulator and wakes those who wait for something to happen.
#ifndef MOM_TESTS_TESTING_EMULATOR_JOURNAL_H_
#define MOM_TESTS_TESTING_EMULATOR_JOURNAL_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "tests/testing/emulator/records.h"

namespace mom::testing {

// Thread-safe. Of the requests and of the invoices the last `keep` are kept each, and of the
// requests' bodies no more than 256 MiB, so that a long benchmark does not fill the memory; the
// sums of the state count all.
class Journal {
 public:
  explicit Journal(std::size_t keep) : keep_(keep) {}

  Offset Now() const;

  void ConnectionOpened();
  void ConnectionClosed();
  // A connection turned out to be an administrator's: it never counted.
  void ConnectionWithdrawn();
  // Gives the request's id.
  std::uint64_t Record(RecordedRequest request);
  void CallStarted();
  void CallEnded(const Invoice& invoice);
  void TokensMade(std::int64_t tokens);
  void HeldAt(const std::string& gate);
  void Released(const std::string& gate);
  // Forgets all but what goes on now.
  void Clear();

  std::vector<RecordedRequest> requests() const;
  std::vector<Invoice> invoices() const;
  EmulatorState state() const;

  // Blocks until `condition` holds; false: it did not within `timeout`. It is called under the
  // journal's lock, at each change.
  bool WaitUntil(const std::function<bool(const EmulatorState&)>& condition,
                 std::chrono::milliseconds timeout) const;

 private:
  void Keep(RecordedRequest request);
  void Change(const std::function<void(EmulatorState&)>& change);

  const std::size_t keep_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  EmulatorState state_;
  std::uint64_t last_id_ = 0;
  std::deque<RecordedRequest> requests_;
  std::size_t body_bytes_ = 0;  // of requests_
  std::deque<Invoice> invoices_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_JOURNAL_H_
