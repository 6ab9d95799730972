#include "service/base/request_id.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

namespace mom {
namespace {

TEST(RequestIdTest, IsValidByItsOwnRule) {
  const std::string id = NewRequestId();
  EXPECT_EQ(id.size(), 36u);
  EXPECT_TRUE(id.starts_with("req-"));
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef", 4), std::string::npos);
  EXPECT_TRUE(IsValidRequestId(id));
}

TEST(RequestIdTest, DiffersBetweenCallsAndThreads) {
  constexpr int kThreads = 4;
  constexpr int kEach = 1000;
  std::vector<std::vector<std::string>> made(kThreads);
  std::vector<std::thread> threads;
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&ids = made[static_cast<std::size_t>(t)]] {
      for (int i = 0; i < kEach; ++i) ids.push_back(NewRequestId());
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), static_cast<std::size_t>(kThreads * kEach));
}

TEST(RequestIdTest, TakesOverOnlyHarmlessIds) {
  EXPECT_TRUE(IsValidRequestId("a"));
  EXPECT_TRUE(IsValidRequestId("A-b_9"));
  EXPECT_TRUE(IsValidRequestId(std::string(64, 'x')));
  EXPECT_FALSE(IsValidRequestId(""));
  EXPECT_FALSE(IsValidRequestId(std::string(65, 'x')));
  for (const char* id : {"a b", "a\nb", "../x", "a/b", "a.b", "\xC3\xA9", "a\x7F"}) {
    EXPECT_FALSE(IsValidRequestId(id)) << id;
  }
}

}  // namespace
}  // namespace mom
