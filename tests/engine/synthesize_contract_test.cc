// A critic's answer to a request that demands a form.
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class SynthesizeContractTest : public EngineTest {
 protected:
  SynthesizeContractTest() { mixture.strategy = "synthesize"; }

  // Streamed, of aider, with a file of one line.
  static RunRequest AskForAnEdit() {
    RunRequest request = AskStreaming(
        "Act as an expert software developer.\n# *SEARCH/REPLACE block* Rules:\n1. "
        "The *FULL* file path alone on a line\n");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->messages[0].role = Role::kSystem;
    Message files;
    files.content.emplace_back(TextPart{
        "I have *added these files to the chat* so you can.\n\na.py\n```\n    x = 1\n```\n"});
    chat->messages.push_back(files);
    request.chat = std::move(chat);
    return request;
  }
  static std::string Edit(const std::string& search, const std::string& replace) {
    return "a.py\n```\n<<<<<<< SEARCH\n" + search + "\n=======\n" + replace +
           "\n>>>>>>> REPLACE\n```\n";
  }
  static RunRequest AskForJson() {
    RunRequest request = AskStreaming("question");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
    request.chat = std::move(chat);
    return request;
  }
};

TEST_F(SynthesizeContractTest, OneThatKeepsItGoesOutWhole) {
  Model("a").Then(Says(Edit("    x = 1", "    x = 2")));
  Model("b").Then(Says(Edit("    x = 1", "    x = 3")));
  Model("c").Then(Says("Which file?"));
  const std::string merged = Edit("    x = 1", "    x = 23");
  Model("critic").Then(
      FakeAnswer().Text(merged.substr(0, 5)).Text("").Text(merged.substr(5)).Finish());
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.Text(), merged);
  EXPECT_EQ(sink.All<DeltaEvent>().size(), 1u) << "held until it is whole";
  EXPECT_FALSE(sink.answer()->degraded());
}

TEST_F(SynthesizeContractTest, OneThatBreaksItIsReplacedByTheNextAndAtLastByTheAnchor) {
  const std::string anchor = Edit("    x = 1", "    x = 2");
  Model("a").Then(Says(Edit("  x = 1", "  x = 9")));  // aider must guess the indentation
  Model("b").Then(Says(anchor));
  Model("c").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("critic").Then(FakeAnswer().Text("Here ").Text("it is: ").Text("x = 2").Finish());
  Model("crit2").Then(Says(Edit("    y = 1", "    y = 2")));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.Text(), anchor) << "byte for byte, the best one";
  EXPECT_EQ(sink.answer()->answered_by, "b");
  EXPECT_THAT(
      sink.answer()->degraded_reasons,
      ElementsAre("member c failed: UPSTREAM_ERROR", HasSubstr("critic critic: contract_broken ("),
                  HasSubstr("critic crit2: contract_broken (")));
}

TEST_F(SynthesizeContractTest, OneThatKeepsItLessWellThanTheAnchorIsNoImprovement) {
  Model("a").Then(Says(Edit("    x = 1", "    x = 2")));
  Model("b").Then(Says(Edit("    x = 1", "    x = 3")));
  Model("c").Then(Says(Edit("    x = 1", "    x = 4")));
  Model("critic").Then(Says(Edit("  x = 1", "  x = 5")));
  Model("crit2").Then(Says("I would set x to 2."));
  ASSERT_TRUE(Run(AskForAnEdit()).ok());
  EXPECT_EQ(sink.Text(), Edit("    x = 1", "    x = 2"));
}

TEST_F(SynthesizeContractTest, JsonStaysJson) {
  Model("a").Then(Says("{\"a\": 1}"));
  Model("b").Then(Says("{\"a\": 2}"));
  Model("c").Then(Says("{\"a\": 3}"));
  Model("critic").Then(Says("```json\n{\"a\": 1}\n```"));
  Model("crit2").Then(Says("{\"a\": 4}"));
  ASSERT_TRUE(Run(AskForJson()).ok());
  EXPECT_EQ(sink.Text(), "{\"a\": 4}");
}

}  // namespace
}  // namespace mom::testing
