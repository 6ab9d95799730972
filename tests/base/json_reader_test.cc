#include "service/base/json_reader.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

TEST(JsonMember, IsTheValuesTextAtTheEndOfThePath) {
  const std::string_view json = R"({"a": {"b" : [1, 2] , "c": "x"}, "d": null})";
  EXPECT_EQ(JsonMember(json, {"a", "b"}), "[1, 2]");
  EXPECT_EQ(JsonMember(json, {"a", "c"}), "\"x\"");
  EXPECT_EQ(JsonMember(json, {"d"}), "null");
  EXPECT_EQ(JsonMember(json, {"a"}).data(), json.data() + 6) << "it shares the text";
}

TEST(JsonMember, IsEmptyWhereThereIsNone) {
  for (const char* json : {"", "7", "[{\"a\":1}]", "{\"b\":1}", "{\"a\":", "{\"a\":1}"}) {
    EXPECT_EQ(JsonMember(json, {"a", "b"}), "") << json;
  }
}

TEST(WithJsonMember, ReplacesAddsAndRemoves) {
  const std::string_view json = R"({"a" : 1e2, "b": {"c": [ ]}})";
  EXPECT_EQ(WithJsonMember(json, "a", "2"), R"({"a":2,"b":{"c": [ ]}})");
  EXPECT_EQ(WithJsonMember(json, "d", "{}"), R"({"a":1e2,"b":{"c": [ ]},"d":{}})");
  EXPECT_EQ(WithJsonMember(json, "b", ""), R"({"a":1e2})");
  EXPECT_EQ(WithJsonMember(json, "d", ""), R"({"a":1e2,"b":{"c": [ ]}})");
}

TEST(IsJsonObject, TakesNumbersOfAnySize) {
  EXPECT_TRUE(IsJsonObject(R"({"a": 123456789012345678901234567890, "b": 1e-400})"));
}

}  // namespace
}  // namespace mom
