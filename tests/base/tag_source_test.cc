#include "service/base/tag_source.h"

#include <gtest/gtest.h>

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_future.hpp>
#include <condition_variable>
#include <deque>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

namespace mom::testing {
namespace {

// A completion queue without gRPC: any thread may complete a tag.
class FakeQueue {
 public:
  void Complete(void* tag, bool ok) {
    const std::lock_guard lock(mutex_);
    completions_.emplace_back(tag, ok);
    changed_.notify_one();
  }
  void Shutdown() {
    const std::lock_guard lock(mutex_);
    shut_down_ = true;
    changed_.notify_one();
  }
  bool Next(void** tag, bool* ok) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return shut_down_ || !completions_.empty(); });
    if (completions_.empty()) return false;
    std::tie(*tag, *ok) = completions_.front();
    completions_.pop_front();
    return true;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::pair<void*, bool>> completions_;
  bool shut_down_ = false;
};

class FakePoller final : public TagPoller {
 public:
  explicit FakePoller(FakeQueue& queue) : queue_(queue) {}
  bool Next(void** tag, bool* ok) override { return queue_.Next(tag, ok); }

 private:
  FakeQueue& queue_;
};

// A loop on a thread of its own, as EventLoop is.
struct Loop {
  asio::io_context context;
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  TagInbox inbox{context.get_executor()};
  std::thread thread{[this] { context.run(); }};
  ~Loop() {
    work.reset();
    thread.join();
  }
};

class TagSourceTest : public ::testing::Test {
 protected:
  TagSourceTest() { source_.Start(); }
  ~TagSourceTest() override { Stop(); }
  void Stop() {
    queue_.Shutdown();
    source_.Join();
  }

  FakeQueue queue_;
  TagSource source_{std::make_unique<FakePoller>(queue_)};
};

// Uses one operation again and again; other threads complete it.
asio::awaitable<int> CountOks(FakeQueue& queue, TagInbox& inbox, int rounds) {
  TagOp op(inbox);
  int oks = 0;
  for (int i = 0; i < rounds; ++i) {
    void* const tag = op.Tag();
    const bool sent = i % 3 != 0;
    std::thread completer([&queue, tag, sent] { queue.Complete(tag, sent); });
    const bool ok = co_await op.Wait();
    completer.join();
    EXPECT_FALSE(op.outstanding());
    EXPECT_EQ(ok, sent);
    oks += ok;
  }
  co_return oks;
}

TEST_F(TagSourceTest, BringsCompletionsToTheLoopsThatWait) {
  constexpr int kCoroutines = 16;
  constexpr int kRounds = 30;
  Loop a;
  Loop b;
  std::vector<std::future<int>> results;
  for (int i = 0; i < kCoroutines; ++i) {
    Loop& loop = i % 2 == 0 ? a : b;
    auto work = CountOks(queue_, loop.inbox, kRounds);
    results.push_back(asio::co_spawn(loop.context, std::move(work), asio::use_future));
  }
  for (std::future<int>& result : results) EXPECT_EQ(result.get(), kRounds * 2 / 3);
}

TEST_F(TagSourceTest, SeveralThreadsFloodOneInbox) {
  constexpr int kThreads = 4;
  constexpr int kOps = 500;
  std::vector<std::unique_ptr<TagOp>> ops;
  std::vector<void*> tags;
  int completed = 0;  // of the loop's thread only
  std::promise<void> all;
  {
    Loop loop;
    for (int i = 0; i < kThreads * kOps; ++i) {
      ops.push_back(std::make_unique<TagOp>(loop.inbox));
      ops.back()->OnComplete([&](bool ok) {
        if (ok && ++completed == kThreads * kOps) all.set_value();
      });
      tags.push_back(ops.back()->Tag());
    }
    std::vector<std::thread> threads;
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&, t] {
        for (int i = 0; i < kOps; ++i) {
          queue_.Complete(tags[static_cast<std::size_t>(t * kOps + i)], true);
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    all.get_future().wait();
    Stop();
    ops.clear();
  }
  EXPECT_EQ(completed, kThreads * kOps);
}

// The handlers run on this thread, so the batch and its wake-ups can be counted.
TEST(TagInboxTest, ABatchCostsOneWakeUp) {
  asio::io_context context;
  TagInbox inbox(context.get_executor());
  int completed = 0;
  std::vector<std::unique_ptr<TagOp>> ops;
  for (int i = 0; i < 10; ++i) {
    ops.push_back(std::make_unique<TagOp>(inbox));
    ops.back()->OnComplete([&](bool) { ++completed; });
    ops.back()->Tag();
  }
  for (const auto& op : ops) inbox.Push(op.get(), true);
  EXPECT_EQ(completed, 0);  // never on the thread that pushes
  EXPECT_EQ(context.run(), 1U);
  EXPECT_EQ(completed, 10);
}

TEST(TagInboxTest, ACallbackMayBeTheEndOfItsOperation) {
  asio::io_context context;
  TagInbox inbox(context.get_executor());
  auto op = std::make_unique<TagOp>(inbox);
  bool ended = false;
  op->OnComplete([&](bool ok) {
    op.reset();
    ended = ok;
  });
  op->Tag();
  inbox.Push(op.get(), true);
  context.run();
  EXPECT_TRUE(ended);
  EXPECT_EQ(op, nullptr);
}

TEST(TagInboxTest, ACallbackMayPushAgain) {
  asio::io_context context;
  TagInbox inbox(context.get_executor());
  TagOp op(inbox);
  int completed = 0;
  op.OnComplete([&](bool) {
    if (++completed < 3) inbox.Push(static_cast<TagOp*>(op.Tag()), true);
  });
  op.Tag();
  inbox.Push(&op, true);
  context.run();
  EXPECT_EQ(completed, 3);
}

TEST(TagInboxTest, ACompletionBeforeTheWaitIsNotLost) {
  asio::io_context context;
  TagInbox inbox(context.get_executor());
  TagOp op(inbox);
  op.Tag();
  inbox.Push(&op, false);
  context.run();
  context.restart();
  bool ok = true;
  auto wait = [&]() -> asio::awaitable<void> { ok = co_await op.Wait(); };
  asio::co_spawn(context, wait(), [](std::exception_ptr) {});
  context.run();
  EXPECT_FALSE(ok);
}

}  // namespace
}  // namespace mom::testing
