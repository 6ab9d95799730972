#include "service/base/utf8.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace mom {
namespace {

// What the encoding form of a code point must be, straight from its definition.
std::string Encode(char32_t c) {
  if (c < 0x80) return {static_cast<char>(c)};
  const auto tail = [c](int shift) { return static_cast<char>(0x80 | ((c >> shift) & 0x3F)); };
  if (c < 0x800) return {static_cast<char>(0xC0 | (c >> 6)), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xE0 | (c >> 12)), tail(6), tail(0)};
  return {static_cast<char>(0xF0 | (c >> 18)), tail(12), tail(6), tail(0)};
}

TEST(Utf8Test, TakesEveryScalarValueAndNoSurrogate) {
  for (char32_t c = 0; c <= 0x10FFFF; ++c) {
    const bool surrogate = c >= 0xD800 && c <= 0xDFFF;
    ASSERT_EQ(IsValidUtf8(Encode(c)), !surrogate) << std::hex << static_cast<std::uint32_t>(c);
  }
  EXPECT_FALSE(IsValidUtf8(Encode(0x110000)));
}

TEST(Utf8Test, RefusesOverlongForms) {
  for (const char* text : {"\xC0\x80", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF",
                           "\xF0\x80\x80\x80", "\xF0\x8F\xBF\xBF"}) {
    EXPECT_FALSE(IsValidUtf8(text));
  }
}

TEST(Utf8Test, ReplacesEachMaximalIllFormedPart) {
  // The examples of Unicode 15, tables 3-8 to 3-11.
  EXPECT_EQ(ToValidUtf8("\xC0\xAF\xE0\x80\xBF\xF0\x81\x82\x41"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
            "\uFFFD\uFFFD\uFFFD"
            "A");
  EXPECT_EQ(ToValidUtf8("\xED\xA0\x80\xED\xBF\xBF\xED\xAF\x41"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
            "A");
  EXPECT_EQ(ToValidUtf8("\xF4\x91\x92\x93\xFF\x41\x80\xBF\x42"),
            "\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD"
            "A"
            "\uFFFD\uFFFD"
            "B");
  EXPECT_EQ(ToValidUtf8("\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41"),
            "\uFFFD\uFFFD\uFFFD\uFFFD"
            "A");
}

TEST(Utf8Test, KeepsWhatIsValid) {
  const std::string text = "a\u00E9\u20AC\U0001F600\0b";
  EXPECT_EQ(ToValidUtf8(text), text);
  EXPECT_EQ(ToValidUtf8(""), "");
}

TEST(Utf8Test, ATextCutAnywhereBecomesValid) {
  const std::string text = "a\u00E9\u20AC\U0001F600";
  for (std::size_t n = 0; n <= text.size(); ++n) {
    EXPECT_TRUE(IsValidUtf8(ToValidUtf8(text.substr(0, n)))) << n;
    EXPECT_TRUE(IsValidUtf8(ToValidUtf8(text.substr(n)))) << n;
  }
}

struct Repair {
  const char* in;
  const char* out;
};

TEST(Utf8Test, RepairsLoneSurrogatesInJson) {
  constexpr std::array kCases = {
      Repair{R"({"a":"\uD83D\uDE00"})", R"({"a":"\uD83D\uDE00"})"},  // a pair stays
      Repair{R"("\ud83d\ude00")", R"("\ud83d\ude00")"},
      Repair{R"("\uD83D")", R"("\uFFFD")"},
      Repair{R"("\uDE00")", R"("\uFFFD")"},
      Repair{R"("\uDE00\uD83D")", R"("\uFFFD\uFFFD")"},
      Repair{R"("\uD83D\uD83D\uDE00")", R"("\uFFFD\uD83D\uDE00")"},
      Repair{R"("\uD83Dx\uDE00")", R"("\uFFFDx\uFFFD")"},
      Repair{R"("\\uD83D")", R"("\\uD83D")"},  // a backslash and text
      Repair{R"("\\\uD83D")", R"("\\\uFFFD")"},
      Repair{R"("\u00e9\n\"\uD800\"")", R"("\u00e9\n\"\uFFFD\"")"},
      Repair{R"("\uD8)", R"("\uD8)"},  // no escape: the parser's business
      Repair{R"("\)", R"("\)"},
      Repair{"\"\xFF\\uD800\"", "\"\uFFFD\\uFFFD\""},
  };
  for (const Repair& repair : kCases) EXPECT_EQ(RepairJsonText(repair.in), repair.out);
}

}  // namespace
}  // namespace mom
