// Answers that are far larger than their script.
#include <gmock/gmock.h>
#include <zlib.h>

#include <string>

#include "tests/testing/emulator/emulator.h"
#include "tests/testing/emulator/gzip_writer.h"
#include "tests/testing/emulator/long_text.h"
#include "tests/testing/raw_http_client.h"

namespace mom::testing {
namespace {

using Kind = ScriptedFault::Kind;
using ::testing::StartsWith;

constexpr std::int64_t kMiB = 1024 * 1024;

std::string Times(const std::string& text, int times) {
  std::string all;
  for (int i = 0; i < times; ++i) all += text;
  return all;
}

RawHttpClient::Response Ask(const ScriptedCall& call) {
  const Emulator emulator(Script().Add("a", call));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  return client.Read();
}

// How many bytes a gzip stream unpacks to; all must be `want`. -1: it is none, or cut.
std::int64_t UnpackedSize(std::string_view zipped, char want) {
  z_stream stream = {};
  inflateInit2(&stream, MAX_WBITS + 16);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(zipped.data()));
  stream.avail_in = static_cast<uInt>(zipped.size());
  std::string out(kMiB, '\0');
  std::int64_t size = 0;
  int result = Z_OK;
  while (result == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    result = inflate(&stream, Z_NO_FLUSH);
    const std::size_t got = out.size() - stream.avail_out;
    if (out.substr(0, got).find_first_not_of(want) != std::string::npos) result = Z_DATA_ERROR;
    size += static_cast<std::int64_t>(got);
  }
  inflateEnd(&stream);
  return result == Z_STREAM_END ? size : -1;
}

TEST(LongTextTest, KeepsWhatIsShortAsOneText) {
  const LongText text = LongText("<").Add("ab", 3).Add("").Add("c", 0).Add(">");
  ASSERT_EQ(text.parts().size(), 1u);
  EXPECT_EQ(text.ToString(), "<ababab>");
  EXPECT_EQ(text.size(), 8);
}

TEST(LongTextTest, KeepsWhatIsLongAsBlocks) {
  const LongText text = LongText("[").Add("abc", kMiB).Add("]");
  EXPECT_EQ(text.size(), 3 * kMiB + 2);
  EXPECT_LE(text.parts().size(), 4u);
  EXPECT_EQ(text.ToString(), "[" + Times("abc", kMiB) + "]");
}

TEST(GzipWriterTest, WhatIsWrittenSoManyTimesUnpacksSo) {
  GzipWriter gzip;
  std::string zipped = GzipWriter::Head() + gzip.Write("x");
  zipped += Times(gzip.Write("xxx", 5), 5);
  zipped += gzip.Write("xx");
  zipped += gzip.End();
  EXPECT_EQ(UnpackedSize(zipped, 'x'), 1 + 3 * 5 + 2);
}

TEST(EmulatorBulkTest, SendsALineWithoutEnd) {
  const auto response = Ask({.headers = {{"Content-Type", "text/event-stream"}},
                             .body = LongText("data: ").Add("x", 64 * kMiB)});
  EXPECT_TRUE(response.whole);
  EXPECT_EQ(static_cast<std::int64_t>(response.body.size()), 64 * kMiB + 6);
  EXPECT_EQ(response.body.find_first_not_of('x', 6), std::string::npos);
}

TEST(EmulatorBulkTest, SendsABomb) {
  const auto response = Ask({.body = LongText().Add("x", 128 * kMiB), .gzip = true});
  EXPECT_TRUE(response.whole);
  EXPECT_LT(static_cast<std::int64_t>(response.body.size()), kMiB / 4);
  EXPECT_EQ(UnpackedSize(response.body, 'x'), 128 * kMiB);
}

TEST(EmulatorBulkTest, BreaksOffInWhatIsRepeated) {
  for (const std::int64_t at : {0L, 1L, 3 * kMiB, 3 * kMiB + 5, 8 * kMiB}) {
    const auto response = Ask({.body = LongText("<").Add("x", 8 * kMiB).Add(">"),
                               .fault = {.kind = Kind::kClose, .after_bytes = at}});
    EXPECT_FALSE(response.whole);
    EXPECT_EQ(static_cast<std::int64_t>(response.body.size()), at);
  }
}

TEST(EmulatorBulkTest, RepeatsRawBytes) {
  const Emulator emulator(
      Script().Add("a", {.raw = {{.send = LongText("HTTP/1.1 200 ").Add("O", kMiB)}}}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true));
  const std::string all = client.ReadToEnd();
  EXPECT_EQ(static_cast<std::int64_t>(all.size()), kMiB + 13);
  EXPECT_THAT(all, StartsWith("HTTP/1.1 200 OOO"));
}

}  // namespace
}  // namespace mom::testing
