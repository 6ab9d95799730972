#include "service/contract/canonical_json.h"

#include <gtest/gtest.h>

#include <string>

#include "service/base/json_reader.h"
#include "service/contract/json_number.h"

namespace mom {
namespace {

TEST(CanonicalJson, IsTheSameForTheSameValue) {
  struct Case {
    const char* text;
    const char* canonical;
  };
  const Case cases[] = {
      {" null ", "null"},
      {"true", "true"},
      {"1.0", "1"},
      {"1e0", "1"},
      {"10e-1", "1"},
      {"-0.0", "0"},
      {"0e5", "0"},
      {"-12.50", "-12.5"},
      {"5e-3", "0.005"},
      {"1E+2", "100"},
      {"100e-2", "1"},
      {"1e300", "1e300"},
      {"10e299", "1e300"},
      {"-3e-400", "-3e-400"},
      {"9007199254740993", "9007199254740993"},
      {"9007199254740992", "9007199254740992"},
      {"123456789012345678901234567890.1", "123456789012345678901234567890.1"},
      {"\"\\u0041\\/\\u00e9\"", "\"A/\xc3\xa9\""},
      {"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\""},
      {"\"\\u0001 5\"", "\"\\u0001 5\""},
      {"\"\\u0002\"", "\"\\u0002\""},
      {"\"\\u0000a\"", "\"\\u0000a\""},
      {"[ 1 , [ ] ,2]", "[1,[],2]"},
      {"{\"b\":1.0, \"a\":{\"d\":[], \"c\":\"x\"}}", "{\"a\":{\"c\":\"x\",\"d\":[]},\"b\":1}"},
      {"{\"a\":1,\"b\":2,\"a\":3}", "{\"a\":3,\"b\":2}"},
      {"{\"\\u0001\":1,\"\":2}", "{\"\":2,\"\\u0001\":1}"},
  };
  for (const Case& one : cases) {
    SCOPED_TRACE(one.text);
    const std::optional<std::string> canonical = CanonicalJson(one.text);
    ASSERT_TRUE(canonical.has_value());
    EXPECT_EQ(*canonical, one.canonical);
    EXPECT_EQ(CanonicalJson(*canonical), canonical) << "it is its own canonical form";
  }
  EXPECT_NE(CanonicalJson("\"1\""), CanonicalJson("1"));
  EXPECT_NE(CanonicalJson("\"\\u00011\""), CanonicalJson("1"));
}

TEST(CanonicalJson, TakesNothingButOneValue) {
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "{} {}",
                                 "[1,]",
                                 "01",
                                 "1.",
                                 "+1",
                                 "nan",
                                 "Infinity",
                                 "'a'",
                                 "{a:1}",
                                 "\"\xff\"",
                                 "\"\\ud800\"",
                                 "\"a",
                                 "1e400",
                                 "1e99999999999",
                                 "1e-99999999999",
                                 "// x\n1",
                                 "\xef\xbb\xbf{}"}) {
    EXPECT_EQ(CanonicalJson(text), std::nullopt) << text;
  }
  EXPECT_EQ(CanonicalJson(std::string("1\0", 2)), std::nullopt);
  EXPECT_EQ(CanonicalJson(std::string("{}\0 x", 5)), std::nullopt);
  EXPECT_EQ(CanonicalJson(std::string_view()), std::nullopt);
}

TEST(CanonicalJson, BoundsTheDepth) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_EQ(CanonicalJson(nested(kMaxJsonDepth)), nested(kMaxJsonDepth));
  EXPECT_EQ(CanonicalJson(nested(kMaxJsonDepth + 1)), std::nullopt);
  EXPECT_EQ(CanonicalJson(std::string(1'000'000, '[')), std::nullopt);
}

JsonNumber Number(std::string_view text) { return ReadJsonNumber(text).value(); }

TEST(JsonNumber, ComparesExactly) {
  const char* ascending[] = {"-1e400",
                             "-9007199254740993",
                             "-9007199254740992",
                             "-2",
                             "-1.5",
                             "-1e-400",
                             "0",
                             "1e-400",
                             "0.1",
                             "0.10000000000000000001",
                             "0.2",
                             "1",
                             "10",
                             "11",
                             "9007199254740992",
                             "9007199254740993",
                             "1e17",
                             "1e400"};
  for (std::size_t i = 0; i < std::size(ascending); ++i) {
    for (std::size_t j = 0; j < std::size(ascending); ++j) {
      EXPECT_EQ(Compare(Number(ascending[i]), Number(ascending[j])), i <=> j)
          << ascending[i] << " and " << ascending[j];
    }
  }
}

TEST(JsonNumber, KnowsMultiplesAndIntegers) {
  struct Case {
    const char* number;
    const char* divisor;
    bool multiple;
  };
  const Case cases[] = {
      {"0", "7", true},
      {"9007199254740993", "3", true},
      {"9007199254740992", "3", false},
      {"9007199254740993", "9007199254740993", true},
      {"9007199254740992", "9007199254740993", false},
      {"0.3", "0.1", true},
      {"1.1", "0.1", true},
      {"0.35", "0.1", false},
      {"-4.5", "1.5", true},
      {"1e308", "0.5", true},
      {"1e1000000", "3", false},
      {"3e1000000", "3", true},
      {"1e1000000", "123456789012345678", false},
      {"123456789012345678000", "123456789012345678", true},
      {"7.5", "5", false},
      {"100", "1e2", true},
      {"110", "1e2", false},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(IsMultipleOf(Number(one.number), Number(one.divisor)), one.multiple)
        << one.number << " by " << one.divisor;
  }
  EXPECT_TRUE(Number("1.0").is_integer());
  EXPECT_TRUE(Number("1e99").is_integer());
  EXPECT_FALSE(Number("1.5").is_integer());
}

}  // namespace
}  // namespace mom
