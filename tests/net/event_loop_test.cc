#include "service/net/event_loop.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <future>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

#include "tests/net/http_test.h"

namespace mom::testing {
namespace {

TEST(EventLoopTest, RunsARequestOnItsOwnThread) {
  EventLoop loop{HttpClientOptions()};
  auto test = [&]() -> asio::awaitable<std::string> {
    EXPECT_NE(std::this_thread::get_id(), std::thread::id());
    RawServer server(loop.context(), Always(ResponseOf("ok")));
    HttpRequest request = Post(server.Url());
    auto response = co_await loop.http().Send(std::move(request), Deadline::Never());
    const WholeBody whole = co_await ReadAll(*response.value().body);
    co_return whole.bytes;
  };
  EXPECT_EQ(asio::co_spawn(loop.context(), test(), asio::use_future).get(), "ok");
}

TEST(EventLoopTest, StopLetsWorkEndFirst) {
  bool ended = false;
  {
    EventLoop loop{HttpClientOptions()};
    auto work = [&]() -> asio::awaitable<void> {
      loop.Stop();
      co_await SleepUntil(Deadline::After(std::chrono::milliseconds(5)));
      ended = true;
    };
    asio::co_spawn(loop.context(), work(), [](std::exception_ptr) {});
  }
  EXPECT_TRUE(ended);
}

TEST(EventLoopTest, MayBeStoppedTwiceAndFromAnyThread) {
  EventLoop loop{HttpClientOptions()};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back([&] { loop.Stop(); });
  for (std::thread& thread : threads) thread.join();
}

TEST(EventLoopPoolTest, PicksInTurn) {
  EventLoopPool pool(3, HttpClientOptions());
  EXPECT_EQ(pool.size(), 3);
  for (int i = 0; i < 6; ++i) EXPECT_EQ(&pool.Pick(), &pool.at(i % 3));
}

TEST(EventLoopPoolTest, EachLoopHasAThread) {
  EventLoopPool pool(3, HttpClientOptions());
  std::set<std::thread::id> threads;
  auto id = []() -> asio::awaitable<std::thread::id> { co_return std::this_thread::get_id(); };
  for (const asio::any_io_executor& executor : pool.executors()) {
    threads.insert(asio::co_spawn(executor, id(), asio::use_future).get());
  }
  EXPECT_EQ(threads.size(), 3U);
  EXPECT_FALSE(threads.contains(std::this_thread::get_id()));
}

TEST(EventLoopDeathTest, AnExceptionOfAHandlerIsLoggedAndTheEnd) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  EXPECT_DEATH(
      {
        EventLoop loop{HttpClientOptions()};
        asio::post(loop.context(), [] { throw std::runtime_error("a bug"); });
      },
      "event_loop.exception.*a bug");
}

}  // namespace
}  // namespace mom::testing
