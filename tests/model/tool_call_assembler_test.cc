// The golden files of openai_decoder_test.cc show how pieces are put together; here are the limits.
#include "service/model/tool_call_assembler.h"

#include <gtest/gtest.h>

#include "service/base/reasons.h"

namespace mom {
namespace {

ToolCallAssembler::Piece Whole(std::string id) {
  ToolCallAssembler::Piece piece;
  piece.id = std::move(id);
  piece.name = "f";
  piece.arguments_json = "{}";
  return piece;
}

TEST(ToolCallAssembler, TakesAtMost128Calls) {
  ToolCallAssembler calls;
  for (int i = 0; i < ToolCallAssembler::kMaxCalls; ++i) {
    const auto delta = calls.Add(Whole("c" + std::to_string(i)), "");
    ASSERT_TRUE(delta.ok());
    EXPECT_EQ((*delta)->index, i);
  }
  const auto delta = calls.Add(Whole("one more"), "");
  EXPECT_EQ(GetErrorInfo(delta.status()).reason, reason::kUpstreamProtocol);
}

TEST(ToolCallAssembler, RefusesIndexesOutOfRange) {
  for (const std::int64_t index : {std::int64_t{-1}, std::int64_t{128}, std::int64_t{1} << 50}) {
    ToolCallAssembler calls;
    ToolCallAssembler::Piece piece = Whole("c");
    piece.index = index;
    EXPECT_FALSE(calls.Add(piece, "").ok()) << index;
    EXPECT_TRUE(calls.empty());
  }
}

}  // namespace
}  // namespace mom
