#include "service/net/sse_parser.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "service/base/reasons.h"

namespace mom {
namespace {

using namespace std::string_literals;

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// An event as "name|data".
std::string Shown(const SseEvent& event) { return event.event + "|" + event.data; }

std::vector<std::string> ParseChunks(const std::vector<std::string_view>& chunks) {
  SseParser parser;
  std::vector<std::string> events;
  for (const std::string_view chunk : chunks) {
    EXPECT_TRUE(parser.Feed(chunk).ok());
    while (const auto event = parser.Next()) events.push_back(Shown(*event));
  }
  parser.Finish();
  while (const auto event = parser.Next()) events.push_back(Shown(*event));
  return events;
}

std::vector<std::string> Parse(std::string_view input) { return ParseChunks({input}); }

TEST(SseParserTest, LineEnds) {
  EXPECT_THAT(Parse("data: a\n\ndata: b\n\n"), ElementsAre("|a", "|b"));
  EXPECT_THAT(Parse("data: a\r\n\r\ndata: b\r\n\r\n"), ElementsAre("|a", "|b"));
  EXPECT_THAT(Parse("data: a\r\rdata: b\r\r"), ElementsAre("|a", "|b"));
  EXPECT_THAT(Parse("data: a\n\r\ndata: b\r\n\n"), ElementsAre("|a", "|b"));
}

TEST(SseParserTest, DataLinesAreJoined) {
  EXPECT_THAT(Parse("data: a\ndata:\ndata: b\n\n"), ElementsAre("|a\n\nb"));
  EXPECT_THAT(Parse("data\n\n"), ElementsAre("|"));
  EXPECT_THAT(Parse("data\ndata\n\n"), ElementsAre("|\n"));
}

TEST(SseParserTest, OneSpaceAfterTheColonBelongsToTheSyntax) {
  EXPECT_THAT(Parse("data:a\n\ndata:  b\n\ndata: c \n\ndata:\td\n\n"),
              ElementsAre("|a", "| b", "|c ", "|\td"));
}

TEST(SseParserTest, EventNames) {
  EXPECT_THAT(Parse("event: error\ndata: a\n\ndata: b\n\n"), ElementsAre("error|a", "|b"));
  EXPECT_THAT(Parse("event: x\nevent: y\ndata: a\n\n"), ElementsAre("y|a"));
  // A name without data is forgotten at the blank line.
  EXPECT_THAT(Parse("event: x\n\ndata: a\n\n"), ElementsAre("|a"));
}

TEST(SseParserTest, CommentsAndOtherFieldsGiveNothing) {
  EXPECT_THAT(Parse(": OPENROUTER PROCESSING\n\n:\n\n"), IsEmpty());
  EXPECT_THAT(Parse("id: 7\nretry: 10\nfoo: bar\nDATA: no\n data: no\n\ndata: a\n: c\ndata: b\n\n"),
              ElementsAre("|a\nb"));
}

TEST(SseParserTest, OnlyALeadingByteOrderMarkIsDropped) {
  EXPECT_THAT(Parse("\xEF\xBB\xBF"
                    "data: a\n\n"),
              ElementsAre("|a"));
  EXPECT_THAT(Parse("\xEF\xBB\xBF\xEF\xBB\xBF"
                    "data: a\n\ndata: b\n\n"),
              ElementsAre("|b"));
  EXPECT_THAT(Parse("\n\xEF\xBB\xBF"
                    "data: a\n\ndata: b\n\n"),
              ElementsAre("|b"));
}

TEST(SseParserTest, TheInputsEndDropsAnEventThatIsNotOver) {
  EXPECT_THAT(Parse("data: a\n\ndata: b\n"), ElementsAre("|a"));
  EXPECT_THAT(Parse("data: a\n\ndata: b"), ElementsAre("|a"));
  EXPECT_THAT(Parse(""), IsEmpty());
}

TEST(SseParserTest, TheInputsEndKeepsAWholeDone) {
  EXPECT_THAT(Parse("data: a\n\ndata: [DONE]"), ElementsAre("|a", "|[DONE]"));
  EXPECT_THAT(Parse("data:[DONE]\n"), ElementsAre("|[DONE]"));
  EXPECT_THAT(Parse("data: [DONE]\r\n"), ElementsAre("|[DONE]"));
  EXPECT_THAT(Parse("data: [DONE]\n\n"), ElementsAre("|[DONE]"));
  EXPECT_THAT(Parse("data: [DONE"), IsEmpty());
  EXPECT_THAT(Parse("data: b\ndata: [DONE]"), IsEmpty());
}

TEST(SseParserTest, BytesPassAsTheyCame) {
  EXPECT_THAT(Parse("data: a\0b\n\n"s), ElementsAre("|a\0b"s));
  EXPECT_THAT(Parse("data: \xF0\x9F\x98\x80 \xFF\xC0\n\n"),
              ElementsAre("|\xF0\x9F\x98\x80 \xFF\xC0"));
  EXPECT_THAT(Parse("data: \xE2\x80\xA8 x\n\n"), ElementsAre("|\xE2\x80\xA8 x"));
}

// Every way of cutting the input into at most three chunks, and into single bytes.
class SseCutsTest : public ::testing::TestWithParam<std::string> {};

TEST_P(SseCutsTest, GiveTheSameEvents) {
  const std::string_view input = GetParam();
  const std::vector<std::string> whole = Parse(input);
  for (std::size_t i = 0; i <= input.size(); ++i) {
    for (std::size_t j = i; j <= input.size(); ++j) {
      ASSERT_EQ(ParseChunks({input.substr(0, i), input.substr(i, j - i), input.substr(j)}), whole)
          << "cut at " << i << " and " << j;
    }
  }
  std::vector<std::string_view> bytes;
  for (std::size_t i = 0; i < input.size(); ++i) bytes.push_back(input.substr(i, 1));
  EXPECT_EQ(ParseChunks(bytes), whole);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, SseCutsTest,
    ::testing::Values("\xEF\xBB\xBF"
                      "data: a\r\n\r\n: comment\r\nevent: e\r\ndata:b\r\ndata: c\r\n\r\n",
                      "data: \xF0\x9F\x98\x80\\uD83D\\uDE00\n\ndata\n\nid: 1\ndata: [DONE]",
                      "data: a\r\rdata: b\r\n\ndata: c\n\r\r\n\rdata: [DONE]\r",
                      "\xEF\xBBno mark\n\ndata: a\n\n\ndata: \n\n:\n\ndata: [DONE]\n\n",
                      "data: nul \0 here\n\n\n\n\nevent\ndata: x\n\nunfinished"s));

TEST(SseParserTest, AnEventOverTheLimitIsAnErrorHoweverItComes) {
  constexpr std::size_t kMax = 100;
  const std::string line(kMax - 6, 'x');  // with "data: " it fits exactly
  {
    SseParser parser(kMax);
    EXPECT_TRUE(parser.Feed("data: " + line + "\n\ndata: " + line + "\n\n").ok());
    EXPECT_TRUE(parser.Next() && parser.Next());
  }
  for (const std::string& input :
       {"data: " + line + "x\n\n", "data: " + line + "x", ": " + std::string(kMax, 'c'),
        "data: a\ndata: " + line + "\n\n", "event: abcdefghijkl\ndata: " + line + "\n\n"}) {
    SseParser whole(kMax);
    const Status status = whole.Feed(input);
    EXPECT_EQ(status.code(), StatusCode::kResourceExhausted) << input;
    EXPECT_EQ(GetErrorInfo(status).reason, reason::kUpstreamTooLarge);
    SseParser bytewise(kMax);
    Status last;
    for (std::size_t i = 0; i < input.size() && last.ok(); ++i) {
      last = bytewise.Feed(std::string_view(input).substr(i, 1));
    }
    EXPECT_EQ(last.code(), StatusCode::kResourceExhausted) << input;
  }
}

TEST(SseParserTest, CommentsWithoutEndCostNothing) {
  SseParser parser(100);
  for (int i = 0; i < 10'000; ++i) ASSERT_TRUE(parser.Feed(": keep-alive\n").ok());
  EXPECT_FALSE(parser.Next());
}

// A parser that looked for both line ends at each line would not end before the test's time is up.
TEST(SseParserTest, ManyShortLinesAreLinear) {
  for (const std::string end : {"\r", "\n"}) {
    std::string input = "data: a" + end;
    for (int i = 0; i < 3'000'000; ++i) input += ":" + end;
    SseParser parser;
    ASSERT_TRUE(parser.Feed(input + "data: b" + end + end).ok());
    EXPECT_EQ(parser.Next().value().data, "a\nb");
  }
}

}  // namespace
}  // namespace mom
