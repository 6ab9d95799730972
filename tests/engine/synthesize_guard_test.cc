// What of a streamed critic's answer is held back, and until when.
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;

class SynthesizeGuardTest : public EngineTest {
 protected:
  SynthesizeGuardTest() { AllMembersSay("draft"); }

  static FakeAnswer InPieces(const std::vector<std::string>& pieces) {
    FakeAnswer answer;
    for (const std::string& piece : pieces) answer.Text(piece);
    return answer.Finish();
  }
};

TEST_F(SynthesizeGuardTest, ARefusalInSmallPiecesIsNotShown) {
  Model("critic").Then(
      InPieces({"I", "'m", " sorry,", " but I", " can't", " help with", " that."}));
  Model("crit2").Then(Says("final"));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), "final");
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("critic critic: refused"));
}

TEST_F(SynthesizeGuardTest, WhatOnlyOpensLikeARefusalIsShownOnceItIsTooLongForOne) {
  std::vector<std::string> pieces = {"I can't", " help with", " that by phone, but here is how: "};
  std::string whole;
  pieces.insert(pieces.end(), 40, "another twenty bytes ");
  for (const std::string& piece : pieces) whole += piece;
  Model("critic").Then(InPieces(pieces));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), whole);
  EXPECT_GT(sink.All<DeltaEvent>().front().delta.text.size(), 600u);
  EXPECT_GT(sink.All<DeltaEvent>().size(), 5u) << "the rest is streamed";
}

TEST_F(SynthesizeGuardTest, ProcessTalkInSmallPiecesIsNotShown) {
  Model("critic").Then(InPieces({"Based", " on", " the", " drafts", " above", ", 4."}));
  Model("crit2").Then(InPieces({"Only", " draft", " B", " has it."}));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), "draft a");
  const std::string wrote = " (it wrote about the drafts in place of an answer)";
  EXPECT_THAT(sink.answer()->degraded_reasons, ElementsAre("critic critic: process_talk" + wrote,
                                                           "critic crit2: process_talk" + wrote));
}

TEST_F(SynthesizeGuardTest, AFenceAfterTheCommitPointNeverGoesOut) {
  Model("critic").By([](const ChatRequest& asked) {
    const std::string tail = TextOf(asked.messages.back());
    const std::string nonce = tail.substr(tail.find("<draft A ") + 9, 32);
    return InPieces({"one ", "two ", "<dra", "ft A ", nonce.substr(0, 5), nonce.substr(5), ">"});
  });
  const Status status = Run(AskStreaming("question"));
  const ErrorInfo info = GetErrorInfo(status);
  EXPECT_EQ(info.reason, reason::kAnswerCut);
  EXPECT_EQ(info.metadata.at("cause"), reason::kUpstreamProtocol);
  EXPECT_EQ(info.metadata.at("anchor_available"), "true");
  EXPECT_EQ(sink.Text(), "one two ");
}

TEST_F(SynthesizeGuardTest, WhatOnlyBeginsLikeAFenceGoesOut) {
  Model("critic").Then(InPieces({"one ", "two ", "a <", " b, ", "<draft", "y>, ", "</dra"}));
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  EXPECT_EQ(sink.Text(), "one two a < b, <drafty>, </dra");
}

}  // namespace
}  // namespace mom::testing
