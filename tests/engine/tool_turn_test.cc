#include "service/engine/tool_turn.h"

#include <gtest/gtest.h>

#include "service/engine/call_id.h"
#include "tests/engine/tool_chat.h"

namespace mom::testing {
namespace {

class ToolTurnTest : public ::testing::Test {
 protected:
  ToolTurnTest() {
    mixture.members = {"a", "b"};
    mixture.critic = "critic";
    mixture.critic_fallbacks = {"crit2"};
    request.chat = std::make_shared<ChatRequest>();
    Say(Role::kUser);
  }

  void Say(Role role) {
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    Message message;
    message.role = role;
    message.content.emplace_back(TextPart{"text"});
    chat->messages.push_back(message);
    request.chat = chat;
  }
  void Results(const std::string& id, const std::string& result = "done") {
    request = WithResults(request, {CallOf(id, "read")}, result);
  }
  std::optional<std::string> Acting() { return ActingMember(*request.chat, mixture); }
  bool Reconvenes() { return WhyReconvene(*request.chat, mixture).has_value(); }

  MixtureConfig mixture;
  RunRequest request;
};

TEST_F(ToolTurnTest, TheIdsNameTheActingMember) {
  EXPECT_EQ(Acting(), std::nullopt);
  Results(NewCallId("b"));
  EXPECT_EQ(Acting(), "b");
  Results(NewCallId("crit2"));
  EXPECT_EQ(Acting(), "crit2") << "the last turn counts, and critics act, too";
  Results(NewCallId("gone"));
  EXPECT_EQ(Acting(), std::nullopt);
  Results("call_1");
  EXPECT_EQ(Acting(), std::nullopt);
}

TEST_F(ToolTurnTest, IdsOfOthersAreLookedPast) {
  request =
      WithResults(request, {CallOf("call_1", "read"), CallOf(NewCallId("a"), "read")}, "done");
  EXPECT_EQ(Acting(), "a");
}

TEST_F(ToolTurnTest, AWordOfTheUsersBehindTheResultsIsNoFreshTurn) {
  Results(NewCallId("b"));
  Say(Role::kUser);
  Say(Role::kUser);
  EXPECT_EQ(Acting(), "b") << "agents put reminders and images there";
  Say(Role::kAssistant);
  EXPECT_EQ(Acting(), std::nullopt);
  Say(Role::kUser);
  EXPECT_EQ(Acting(), std::nullopt);
}

TEST_F(ToolTurnTest, EveryNthTurnInARowReconvenes) {
  mixture.tool_turns = "every_n";
  mixture.tool_turns_every = 2;
  std::string turns;
  for (int turn = 1; turn <= 5; ++turn) {
    Results(NewCallId("a"));
    Say(Role::kUser);
    turns += Reconvenes() ? 'y' : 'n';
  }
  EXPECT_EQ(turns, "nynyn");
  Say(Role::kAssistant);
  Say(Role::kUser);
  EXPECT_FALSE(Reconvenes()) << "no tool's result";
  Results(NewCallId("a"));
  EXPECT_FALSE(Reconvenes()) << "counted from the user's last message on";
}

TEST_F(ToolTurnTest, AFailureReconvenesOnlyWhereTheMixtureSaysSo) {
  Results(NewCallId("a"), "Error: no such file");
  EXPECT_FALSE(Reconvenes());
  mixture.tool_turns = "on_error";
  EXPECT_TRUE(Reconvenes());
  Results(NewCallId("a"), "fine");
  EXPECT_FALSE(Reconvenes()) << "failures of earlier turns are over";
}

TEST(ShowsFailure, ByItsWordsOrItsJson) {
  const auto shows = [](const std::string& text) {
    Message result;
    result.content.emplace_back(TextPart{text});
    return ShowsFailure(result);
  };
  for (const char* text : {"Error: x",
                           " error - x",
                           "ERROR",
                           "TypeError: x",
                           "FileNotFoundError: x",
                           "Traceback (most recent call last):\n  File",
                           "Failed to apply the patch",
                           "<error>x</error>",
                           "<tool_use_error>x",
                           "Exception: x",
                           "fatal: not a git repository",
                           "Exit code 1\nls: x",
                           "make: ***\nexit code: 2",
                           "out\n\nProcess exited with code 127\n",
                           "exit status 3",
                           R"({"error": "x"})",
                           R"({"is_error":true})",
                           R"({"isError": true, "content": []})",
                           R"({"success":false})",
                           R"({"stdout": "", "exit_code": 1})"}) {
    EXPECT_TRUE(shows(text)) << text;
  }
  for (const char* text :
       {"", "done", "0 errors", "The error is in line 3", "no error", "Exit code 0",
        "exit code: 0\n", "first\nexit code 1 is what it gives\nlast", "errors.txt\nfailed.log",
        "{}", "[1]", R"({"error": null, "exit_code": 0})",
        R"({"is_error": false, "success": true})", R"({"error": ""})", "def error(): pass",
        "exit 1"}) {
    EXPECT_FALSE(shows(text)) << text;
  }
}

}  // namespace
}  // namespace mom::testing
