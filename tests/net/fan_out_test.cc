#include "service/net/fan_out.h"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/testing/run.h"

namespace mom::testing {
namespace {

using namespace std::chrono_literals;  // NOLINT: the literals only

// A result that can neither be copied nor made from nothing.
struct Answer {
  explicit Answer(int v) : value(std::make_unique<int>(v)) {}
  std::unique_ptr<int> value;
};

// Gates that the test opens, and what became of the children behind them.
class FanOutTest : public ::testing::Test {
 protected:
  static constexpr int kChildren = 3;

  FanOutTest() {
    for (int i = 0; i < kChildren; ++i) {
      gates_.push_back(std::make_unique<AsyncEvent>(context_.get_executor()));
    }
  }

  asio::awaitable<Answer> Child(int index) {
    const std::shared_ptr<int> alive = alive_;
    co_await gates_[static_cast<std::size_t>(index)]->Wait();
    ++passed_;
    co_return Answer(index * 10);
  }
  // Ends normally though it is cancelled.
  asio::awaitable<Answer> DeafChild() {
    const std::shared_ptr<int> alive = alive_;
    co_await asio::this_coro::throw_if_cancelled(false);
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    co_await gates_[0]->Wait();
    ++passed_;
    co_return Answer(0);
  }
  template <typename Error>
  asio::awaitable<Answer> FailingChild(int index, Error error) {
    co_await gates_[static_cast<std::size_t>(index)]->Wait();
    throw error;
  }

  void Open(int index) { gates_[static_cast<std::size_t>(index)]->Set(); }
  int alive() const { return static_cast<int>(alive_.use_count()) - 1; }
  asio::awaitable<void> Turn() { co_await asio::post(context_, asio::use_awaitable); }

  template <typename Test>
  void Drive(Test& test) {
    RunOn(context_, test());
    EXPECT_EQ(alive(), 0);
  }

  asio::io_context context_;
  std::vector<std::unique_ptr<AsyncEvent>> gates_;
  std::shared_ptr<int> alive_ = std::make_shared<int>(0);
  int passed_ = 0;
};

TEST_F(FanOutTest, GivesResultsInTheOrderOfCompletion) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    for (int i = 0; i < kChildren; ++i) EXPECT_EQ(work.Add(Child(i)), i);
    for (const int index : {2, 0, 1}) {
      Open(index);
      const auto result = co_await work.Next();
      EXPECT_EQ(result.value().index, index);
      EXPECT_EQ(*result->value.value, index * 10);
    }
    EXPECT_EQ(work.pending(), 0);
    const auto none = co_await work.Next();
    EXPECT_FALSE(none);
  };
  Drive(test);
}

TEST_F(FanOutTest, KeepsResultsThatComeBeforeTheyAreAskedFor) {
  auto test = [&]() -> asio::awaitable<void> {
    for (int i = 0; i < kChildren; ++i) Open(i);  // the children end inside Add()
    FanOut<Answer> work(context_.get_executor());
    for (int i = 0; i < kChildren; ++i) work.Add(Child(i));
    co_await Turn();
    EXPECT_EQ(work.pending(), 0);
    for (int i = 0; i < kChildren; ++i) {
      const auto result = co_await work.Next();
      EXPECT_EQ(result.value().index, i);
    }
  };
  Drive(test);
}

TEST_F(FanOutTest, KeepsNothingOfTheChildrenThatAreOver) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    work.Add(Child(1));
    Open(0);
    for (int i = 1; i <= 1000; ++i) {
      EXPECT_EQ(work.Add(Child(0)), i);
      const auto result = co_await work.Next();
      EXPECT_EQ(result.value().index, i);
      EXPECT_EQ(alive(), 1);
      EXPECT_LE(work.kept(), 2);
    }
    work.Cancel(5);  // it is over, and nothing of it is left
    work.Add(Child(2));
    work.Cancel(1001);  // one that gives no result
    Open(1);
    const auto first = co_await work.Next();
    EXPECT_EQ(first.value().index, 0);
    for (int i = 0; i < 2; ++i) {
      const auto none = co_await work.Next();
      EXPECT_FALSE(none);
    }
    EXPECT_EQ(work.kept(), 0);
  };
  Drive(test);
}

TEST_F(FanOutTest, ADeadlineLeavesTheChildrenRunning) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    work.Add(Child(0));
    const auto late = co_await work.Next(Deadline::After(1ms));
    EXPECT_FALSE(late);
    EXPECT_EQ(work.pending(), 1);
    Open(0);
    const auto result = co_await work.Next();
    EXPECT_EQ(result.value().index, 0);
  };
  Drive(test);
}

TEST_F(FanOutTest, AResultThatIsHereBeatsADeadlineThatHasPassed) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    Open(0);
    work.Add(Child(0));
    co_await Turn();
    const auto result = co_await work.Next(Deadline::After(-1s));
    EXPECT_TRUE(result);
  };
  Drive(test);
}

TEST_F(FanOutTest, CancelEndsOneChildAndGivesNoResultOfIt) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    for (int i = 0; i < kChildren; ++i) work.Add(Child(i));
    work.Cancel(1);
    work.Cancel(1);
    EXPECT_EQ(work.pending(), kChildren);  // it unwinds later
    Open(0);
    Open(2);
    for (const int index : {0, 2}) {
      const auto result = co_await work.Next();
      EXPECT_EQ(result.value().index, index);
    }
    const auto none = co_await work.Next();
    EXPECT_FALSE(none);
    work.Cancel(0);  // it is over
    EXPECT_EQ(passed_, 2);
    EXPECT_EQ(alive(), 0);
  };
  Drive(test);
}

TEST_F(FanOutTest, ACancelledChildThatEndsNormallyGivesNoResult) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    work.Add(DeafChild());
    Open(0);
    work.Cancel(0);
    const auto none = co_await work.Next();
    EXPECT_FALSE(none);
    EXPECT_EQ(work.pending(), 0);
    EXPECT_EQ(passed_, 1);
  };
  Drive(test);
}

TEST_F(FanOutTest, CancellingTheLastChildWakesTheParent) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    work.Add(Child(0));
    asio::post(context_, [&work] { work.Cancel(0); });
    const auto none = co_await work.Next();
    EXPECT_FALSE(none);
    EXPECT_EQ(work.pending(), 0);
  };
  Drive(test);
}

TEST_F(FanOutTest, DestructionCancelsTheChildren) {
  auto test = [&]() -> asio::awaitable<void> {
    {
      FanOut<Answer> work(context_.get_executor());
      for (int i = 0; i < kChildren; ++i) work.Add(Child(i));
      Open(0);
      co_await Turn();
    }
    EXPECT_EQ(alive(), kChildren - 1);  // never inside the parent's frame
  };
  Drive(test);
  EXPECT_EQ(passed_, 1);
}

TEST_F(FanOutTest, DestructionFreesResultsThatNobodyTook) {
  auto child = [](std::shared_ptr<int> held) -> asio::awaitable<std::shared_ptr<int>> {
    co_return held;
  };
  auto test = [&]() -> asio::awaitable<void> {
    {
      FanOut<std::shared_ptr<int>> work(context_.get_executor());
      work.Add(child(alive_));
      co_await Turn();
      EXPECT_EQ(alive(), 1);
    }
    EXPECT_EQ(alive(), 0);
  };
  Drive(test);
}

TEST_F(FanOutTest, CancellingTheParentCancelsTheChildren) {
  auto parent = [this]() -> asio::awaitable<Answer> {
    FanOut<Answer> work(context_.get_executor());
    for (int i = 0; i < kChildren; ++i) work.Add(Child(i));
    const auto result = co_await work.Next();
    ++passed_;
    co_return Answer(result.has_value());
  };
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> outer(context_.get_executor());
    outer.Add(parent());
    EXPECT_EQ(alive(), kChildren);
    outer.Cancel(0);
    const auto none = co_await outer.Next();
    EXPECT_FALSE(none);
  };
  Drive(test);
  EXPECT_EQ(passed_, 0);
}

TEST_F(FanOutTest, AnExceptionOfAChildReachesTheParentOnce) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    work.Add(FailingChild(0, std::runtime_error("a bug")));
    work.Add(Child(1));
    Open(0);
    std::string what;
    try {
      co_await work.Next();
    } catch (const std::runtime_error& error) {
      what = error.what();
    }
    EXPECT_EQ(what, "a bug");
    Open(1);
    const auto result = co_await work.Next();
    EXPECT_EQ(result.value().index, 1);
  };
  Drive(test);
}

TEST_F(FanOutTest, AnAbortThatNobodyAskedForIsAnErrorToo) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    const boost::system::error_code aborted = asio::error::operation_aborted;
    work.Add(FailingChild(0, boost::system::system_error(aborted)));
    Open(0);
    bool thrown = false;
    try {
      co_await work.Next();
    } catch (const boost::system::system_error&) {
      thrown = true;
    }
    EXPECT_TRUE(thrown);
  };
  Drive(test);
}

TEST_F(FanOutTest, AnExceptionAfterTheParentIsLogged) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<Answer> work(context_.get_executor());
    work.Add(FailingChild(0, std::runtime_error("too late")));
    Open(0);
    co_return;
  };
  ::testing::internal::CaptureStderr();
  Drive(test);
  EXPECT_NE(::testing::internal::GetCapturedStderr().find("too late"), std::string::npos);
}

TEST_F(FanOutTest, ALoopThatGoesFirstDestroysTheChildren) {
  auto context = std::make_unique<asio::io_context>();
  const std::shared_ptr<int> alive = std::make_shared<int>(0);
  auto child = [](std::shared_ptr<int> held) -> asio::awaitable<int> {
    co_await SleepUntil(Deadline::Never());
    co_return *held;
  };
  auto parent = [&]() -> asio::awaitable<void> {
    FanOut<int> work(context->get_executor());
    for (int i = 0; i < kChildren; ++i) work.Add(child(alive));
    work.Cancel(1);
    co_await work.Next();
  };
  asio::co_spawn(*context, parent(), [](std::exception_ptr) {});
  context->run_one();
  EXPECT_EQ(alive.use_count(), 1 + kChildren);
  context.reset();
  EXPECT_EQ(alive.use_count(), 1);
}

}  // namespace
}  // namespace mom::testing
