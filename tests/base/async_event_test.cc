#include "service/base/async_event.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/system_error.hpp>

#include "tests/testing/run.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals only

class AsyncEventTest : public ::testing::Test {
 protected:
  // Waits, with a cancellation signal of the test's.
  enum class End { kNone, kSet, kDeadline, kCancelled, kOther };
  void Start(Deadline deadline, int waits = 1) {
    auto work = [](AsyncEvent* event, Deadline at, int times) -> asio::awaitable<bool> {
      bool set = false;
      for (int i = 0; i < times; ++i) set = co_await event->Wait(at);
      co_return set;
    };
    auto done = [this](std::exception_ptr error, bool set) { end_ = EndOf(error, set); };
    asio::co_spawn(context_, work(&event_, deadline, waits),
                   asio::bind_cancellation_slot(signal_.slot(), done));
  }
  static End EndOf(const std::exception_ptr& error, bool set) {
    if (!error) return set ? End::kSet : End::kDeadline;
    try {
      std::rethrow_exception(error);
    } catch (const boost::system::system_error& e) {
      return e.code() == asio::error::operation_aborted ? End::kCancelled : End::kOther;
    } catch (...) {
      return End::kOther;
    }
  }

  asio::io_context context_;
  AsyncEvent event_{context_.get_executor()};
  asio::cancellation_signal signal_;
  End end_ = End::kNone;
};

TEST_F(AsyncEventTest, ASetLatchIsNotWaitedForAndStaysSet) {
  event_.Set();
  Start(Deadline::After(-1s), 3);
  context_.run();
  EXPECT_EQ(end_, End::kSet);
  EXPECT_TRUE(event_.IsSet());
}

TEST_F(AsyncEventTest, SetWakesTheWaiter) {
  Start(Deadline::Never());
  context_.poll();
  EXPECT_EQ(end_, End::kNone);
  event_.Set();
  context_.run();
  EXPECT_EQ(end_, End::kSet);
}

TEST_F(AsyncEventTest, ALatchThatIsClearedBeforeTheWaiterRunsIsWaitedForAgain) {
  Start(Deadline::Never());
  context_.poll();
  event_.Set();
  event_.Clear();
  context_.poll();
  EXPECT_EQ(end_, End::kNone);
  event_.Set();
  context_.run();
  EXPECT_EQ(end_, End::kSet);
}

TEST_F(AsyncEventTest, TheDeadlineEndsTheWait) {
  Start(Deadline::After(1ms));
  context_.run();
  EXPECT_EQ(end_, End::kDeadline);
}

TEST_F(AsyncEventTest, ADeadlineThatHasPassedDoesNotSuspend) {
  Start(Deadline::After(-1s));
  context_.run();
  EXPECT_EQ(end_, End::kDeadline);
}

TEST_F(AsyncEventTest, CancellationThrows) {
  Start(Deadline::Never());
  context_.poll();
  signal_.emit(asio::cancellation_type::terminal);
  context_.run();
  EXPECT_EQ(end_, End::kCancelled);
}

// Both come from one handler of the loop, before the waiter runs again.
TEST_F(AsyncEventTest, CancellationWinsOverASet) {
  Start(Deadline::Never());
  context_.poll();
  asio::post(context_, [this] {
    event_.Set();
    signal_.emit(asio::cancellation_type::terminal);
  });
  context_.run();
  EXPECT_EQ(end_, End::kCancelled);
}

TEST_F(AsyncEventTest, ACancelledWaiterDoesNotSpoilTheNext) {
  Start(Deadline::Never());
  context_.poll();
  signal_.emit(asio::cancellation_type::terminal);
  context_.run();
  context_.restart();
  Start(Deadline::Never());
  context_.poll();
  event_.Set();
  context_.run();
  EXPECT_EQ(end_, End::kSet);
}

TEST(SleepUntilTest, EndsAtTheDeadline) {
  const Deadline deadline = Deadline::After(2ms);
  testing::Run(SleepUntil(deadline));
  EXPECT_TRUE(deadline.Passed());
}

}  // namespace
}  // namespace mom::testing
