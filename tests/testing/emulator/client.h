// Who is answered.
#ifndef MOM_TESTS_TESTING_EMULATOR_CLIENT_H_
#define MOM_TESTS_TESTING_EMULATOR_CLIENT_H_

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "service/base/async_event.h"
#include "tests/testing/emulator/answer.h"

namespace mom::testing {

// The connection of an HTTP/1.1 client, or one call of an HTTP/2 client. That it leaves (FIN, RST,
// RST_STREAM) is seen at once, whatever else goes on, and ends all waits and writes.
//
// Owned by shared pointers. Thread: its executor's only. At most one coroutine may wait at a time.
class Client : public std::enable_shared_from_this<Client> {
 public:
  virtual ~Client() = default;

  virtual HttpVersion version() const = 0;
  // Suspends until the head and the bytes of a step are handed to the kernel or the client left.
  virtual asio::awaitable<void> Send(const Step& step) = 0;
  // The same for bytes alone.
  virtual asio::awaitable<void> Write(const std::string& bytes) = 0;
  // What comes after the last byte of an answer. Nothing more may be sent then.
  virtual void End(Ending ending) = 0;

  // Suspends until the deadline passes, `*done` holds after a Wake(), or the client left. `done`
  // may be null.
  asio::awaitable<void> Wait(Deadline deadline, const bool* done) {
    while (!gone() && !deadline.Passed() && (done == nullptr || !*done)) {
      wake_.Clear();
      co_await wake_.Wait(deadline);
    }
  }
  void Wake() { wake_.Set(); }

  // When it was seen that the client left.
  std::optional<std::chrono::steady_clock::time_point> gone_at() const { return gone_at_; }
  bool gone() const { return gone_at_.has_value(); }
  const asio::any_io_executor& executor() const { return executor_; }

 protected:
  explicit Client(const asio::any_io_executor& executor) : executor_(executor), wake_(executor) {}

  // The client left.
  void Left() {
    if (!gone()) gone_at_ = std::chrono::steady_clock::now();
    Wake();
  }

 private:
  const asio::any_io_executor executor_;
  AsyncEvent wake_;
  std::optional<std::chrono::steady_clock::time_point> gone_at_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_CLIENT_H_
