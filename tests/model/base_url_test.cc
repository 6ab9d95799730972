#include "service/model/base_url.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

TEST(BaseUrlTest, KnowsAVersionInThePath) {
  for (const char* url :
       {"https://h/v1", "http://127.0.0.1:1/api/v1", "https://h/v1beta/openai", "https://v1/v2"}) {
    EXPECT_TRUE(HasVersion(url)) << url;
  }
  for (const char* url : {"https://h", "https://v1", "https://h/api", "https://h/v", "https://h/vx",
                          "https://h/models/gpt-v1"}) {
    EXPECT_FALSE(HasVersion(url)) << url;
  }
}

}  // namespace
}  // namespace mom
