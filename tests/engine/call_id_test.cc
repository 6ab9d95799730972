#include "service/engine/call_id.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <set>

namespace mom {
namespace {

TEST(CallId, NamesTheModelThatMadeTheCall) {
  const std::string id = NewCallId("vendor/model-x");
  EXPECT_TRUE(IsCallIdOf(id, "vendor/model-x"));
  EXPECT_FALSE(IsCallIdOf(id, "vendor/model-y"));
}

// Ids outlive the program: what this version reads, every later one must read.
TEST(CallId, ReadsTheIdsOfEarlierVersions) {
  EXPECT_TRUE(IsCallIdOf("call_e40c292c0123456789abcdef01234567", "a"));
}

TEST(CallId, OfOthersIsNobodys) {
  for (const char* id : {"", "call_1", "call_e40c292c", "toolu_e40c292c0123456789abcdef01234567",
                         "call_e40c292c0123456789abcdef012345678"}) {
    EXPECT_FALSE(IsCallIdOf(id, "a")) << id;
  }
}

TEST(CallId, IsUniqueAndShortAndPlain) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewCallId("a");
    EXPECT_LE(id.size(), 40u);
    EXPECT_TRUE(std::all_of(id.begin(), id.end(), [](unsigned char c) {
      return std::isalnum(c) != 0 || c == '_';
    })) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000u);
}

}  // namespace
}  // namespace mom
