// Who runs, who waits, and who is refused.
#include "service/rpc/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/system_error.hpp>
#include <deque>
#include <optional>
#include <thread>
#include <vector>

#include "service/base/reasons.h"
#include "tests/testing/run.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals only

// One request. `place` is its, from its turn on.
struct Asker {
  Admission::Place place{nullptr, {nullptr}};
  Status status;
  bool ended = false;
  bool cancelled = false;
  asio::cancellation_signal signal;

  bool waits() const { return !ended && !cancelled; }
  bool runs() const { return place != nullptr; }
};

class AdmissionTest : public ::testing::Test {
 protected:
  static AdmissionLimits Limits(int requests, std::int64_t bytes, int queue) {
    AdmissionLimits limits;
    limits.requests = requests;
    limits.bytes = bytes;
    limits.queue = queue;
    limits.wait = 1h;
    return limits;
  }
  void SetUp() override { admission_.emplace(Limits(2, 100, 3)); }
  // Those that still wait give up, as a place must go before the admission and the loop do.
  void TearDown() override {
    for (Asker& asker : askers_) {
      if (asker.waits()) asker.signal.emit(asio::cancellation_type::terminal);
    }
    Poll();
    askers_.clear();
  }

  Asker& Ask(std::int64_t bytes = 1, Deadline deadline = Deadline::Never()) {
    Asker& asker = askers_.emplace_back();
    auto work = [](Admission* admission, Asker* asker, std::int64_t weight,
                   Deadline at) -> asio::awaitable<void> {
      StatusOr<Admission::Place> place = co_await admission->Enter(weight, at);
      asker->status = place.status();
      if (place.ok()) asker->place = *std::move(place);
      asker->ended = true;
    };
    auto done = [&asker](std::exception_ptr error) { asker.cancelled = error != nullptr; };
    asio::co_spawn(loop_, work(&*admission_, &asker, bytes, deadline),
                   asio::bind_cancellation_slot(asker.signal.slot(), done));
    Poll();
    return asker;
  }
  void End(Asker& asker) {
    asker.place.reset();
    Poll();
  }
  void Poll() {
    loop_.restart();
    loop_.poll();
  }
  static std::string ReasonOf(const Asker& asker) { return GetErrorInfo(asker.status).reason; }
  static std::string KeyOf(const Asker& asker) {
    return GetErrorInfo(asker.status).metadata["config_key"];
  }

  asio::io_context loop_;
  std::optional<Admission> admission_;
  std::deque<Asker> askers_;
};

TEST_F(AdmissionTest, SoManyRunAndTheNextOnesWaitInTheirOrder) {
  Asker& first = Ask();
  Asker& second = Ask();
  Asker& third = Ask();
  Asker& fourth = Ask();
  EXPECT_TRUE(first.runs() && second.runs());
  EXPECT_TRUE(third.waits() && fourth.waits());
  End(second);
  EXPECT_TRUE(third.runs());
  EXPECT_TRUE(fourth.waits());
  End(first);
  EXPECT_TRUE(fourth.runs());
  End(third);
  End(fourth);
  EXPECT_EQ(admission_->running(), 0);
  EXPECT_EQ(admission_->waiting(), 0);
}

TEST_F(AdmissionTest, WhatComesBeyondTheQueueIsRefusedAtOnce) {
  for (int i = 0; i < 5; ++i) Ask();
  Asker& refused = Ask();
  EXPECT_EQ(refused.status.code(), StatusCode::kUnavailable);
  EXPECT_EQ(ReasonOf(refused), reason::kOverloaded);
  EXPECT_EQ(KeyOf(refused), "server.max_requests");
  EXPECT_EQ(GetErrorInfo(refused.status).retry_after, 60s) << "no client heeds more";
  EXPECT_THAT(MessageOf(refused.status), ::testing::HasSubstr("`server.max_queue`"));
  EXPECT_EQ(admission_->waiting(), 3);
}

TEST_F(AdmissionTest, TheRunningMayWeighSoMuch) {
  Asker& heavy = Ask(70);
  Asker& light = Ask(30);
  EXPECT_TRUE(heavy.runs() && light.runs());
  End(light);
  Asker& too_heavy = Ask(31);
  EXPECT_TRUE(too_heavy.waits());
  EXPECT_TRUE(Ask(1).waits()) << "it would fit, but was not first";
  End(heavy);
  EXPECT_TRUE(too_heavy.runs());
  EXPECT_EQ(admission_->waiting(), 0);
}

TEST_F(AdmissionTest, TheWaitingMayWeighAsMuch) {
  Ask(100);
  EXPECT_TRUE(Ask(60).waits());
  Asker& refused = Ask(41);
  EXPECT_EQ(ReasonOf(refused), reason::kOverloaded);
  EXPECT_EQ(KeyOf(refused), "server.max_memory");
  EXPECT_TRUE(Ask(40).waits());
}

TEST_F(AdmissionTest, WhatIsHeavierThanAllRunsAlone) {
  Asker& first = Ask(1);
  Asker& huge = Ask(1000);
  EXPECT_TRUE(huge.waits());
  End(first);
  EXPECT_TRUE(huge.runs());
  Asker& next = Ask(1);
  EXPECT_TRUE(next.waits());
  End(huge);
  EXPECT_TRUE(next.runs());
}

TEST_F(AdmissionTest, WaitsOnlySoLong) {
  AdmissionLimits limits = Limits(1, 100, 3);
  limits.wait = 0ms;
  admission_->SetLimits(limits);
  Ask();
  Asker& asker = Ask();
  EXPECT_EQ(ReasonOf(asker), reason::kOverloaded);
  EXPECT_EQ(GetErrorInfo(asker.status).retry_after, 1s) << "never at once";
  EXPECT_THAT(MessageOf(asker.status), ::testing::HasSubstr("`server.max_wait`"));
  EXPECT_EQ(admission_->waiting(), 0);
}

TEST_F(AdmissionTest, WaitsNotBeyondItsDeadline) {
  Ask();
  Ask();
  Asker& asker = Ask(1, Deadline::After(-1s));
  EXPECT_EQ(asker.status.code(), StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ReasonOf(asker), reason::kDeadline);
  EXPECT_EQ(admission_->waiting(), 0);
}

TEST_F(AdmissionTest, OneThatLeavesGivesUpItsTurn) {
  Asker& first = Ask(60);
  Asker& heavy = Ask(50);
  Asker& light = Ask(40);
  heavy.signal.emit(asio::cancellation_type::terminal);
  Poll();
  EXPECT_TRUE(heavy.cancelled);
  EXPECT_TRUE(light.runs()) << "it had only waited behind the heavy one";
  End(first);
  End(light);
  EXPECT_EQ(admission_->running(), 0);
}

TEST_F(AdmissionTest, OneThatLeavesWhenItsTurnComesGivesBackItsPlace) {
  admission_->SetLimits(Limits(1, 100, 3));
  Asker& first = Ask();
  Asker& second = Ask();
  Asker& third = Ask();
  first.place.reset();  // the second one has not noticed yet
  second.signal.emit(asio::cancellation_type::terminal);
  Poll();
  EXPECT_TRUE(second.cancelled);
  EXPECT_TRUE(third.runs());
}

TEST_F(AdmissionTest, NewLimitsHoldForTheWaitingToo) {
  Ask();
  Ask();
  Asker& third = Ask();
  Asker& fourth = Ask();
  admission_->SetLimits(Limits(3, 100, 0));
  Poll();
  EXPECT_TRUE(third.runs());
  EXPECT_TRUE(fourth.waits());
  EXPECT_EQ(ReasonOf(Ask()), reason::kOverloaded);
}

// Loops of their own, as momd has them: whoever asks is served, and never more than allowed.
TEST(AdmissionThreadsTest, LoopsShareIt) {
  constexpr int kThreads = 4;
  constexpr int kEach = 2000;
  AdmissionLimits limits;
  limits.requests = 2;
  limits.wait = 1h;
  Admission admission(limits);
  std::atomic<int> now{0};
  std::atomic<int> most{0};
  std::atomic<int> served{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      auto work = [](Admission* shared, std::atomic<int>* count, std::atomic<int>* peak,
                     std::atomic<int>* total) -> asio::awaitable<void> {
        for (int n = 0; n < kEach; ++n) {
          const auto place = co_await shared->Enter(1, Deadline::Never());
          EXPECT_TRUE(place.ok());
          const int running = ++*count;
          if (running > peak->load()) peak->store(running);
          --*count;
          ++*total;
        }
      };
      asio::io_context loop;
      RunOn(loop, work(&admission, &now, &most, &served));
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served, kThreads * kEach);
  EXPECT_LE(most, 2);
  EXPECT_EQ(admission.running(), 0);
}

}  // namespace
}  // namespace mom::testing
