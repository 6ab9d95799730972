#include "service/engine/tool_vote.h"

#include <gtest/gtest.h>

#include <deque>

#include "tests/engine/tool_chat.h"

namespace mom::testing {
namespace {

class ToolVoteTest : public ::testing::Test {
 protected:
  // "read" and "write" call that tool, with the arguments after a space; "words"; "failed";
  // "broken"; "open": still at work.
  ToolVote Vote(std::initializer_list<const char*> members) {
    std::vector<Candidate>& candidates = kept_.emplace_back();
    for (const char* name : members) {
      const std::string what = name;
      Candidate candidate;
      if (what == "open") candidate.state = CandidateState::kCancelled;
      if (what == "broken") candidate.grade = Grade::kContractBroken;
      if (what == "words") candidate.completion.text = what;
      if (what.starts_with("read") || what.starts_with("write")) {
        const std::size_t end = std::min(what.find(' '), what.size());
        const std::string arguments = end == what.size() ? "{}" : what.substr(end + 1);
        candidate.completion.tool_calls = {CallOf("", what.substr(0, end), arguments)};
      }
      if (what == "words" || !candidate.completion.tool_calls.empty()) {
        candidate.grade = Grade::kUsable;
        candidate.state = CandidateState::kSucceeded;
      }
      candidates.push_back(candidate);
    }
    return ToolVote(candidates, mixture_);
  }
  // Who wins: the tool's name with the number of its backers, "words", or "nobody".
  std::string Winner(std::initializer_list<const char*> members) {
    const ToolVote vote = Vote(members);
    const Side* winner = vote.Winner();
    if (winner == nullptr) return "nobody";
    if (winner->is_words) return "words";
    return winner->backers.front()->completion.tool_calls[0].name + " " +
           std::to_string(winner->backers.size());
  }

  MixtureConfig mixture_;
  std::deque<std::vector<Candidate>> kept_;
};

TEST_F(ToolVoteTest, TwoThirdsOfThoseThatHaveNotFailedWin) {
  EXPECT_EQ(Winner({"read", "read", "words"}), "read 2");
  EXPECT_EQ(Winner({"words", "read", "words"}), "words");
  EXPECT_EQ(Winner({"read", "words", "write"}), "nobody");
  EXPECT_EQ(Winner({"read", "words"}), "nobody");
  EXPECT_EQ(Winner({"read", "read", "words", "words"}), "nobody");
  EXPECT_EQ(Winner({"read", "read", "words", "failed"}), "read 2");
  EXPECT_EQ(Winner({"read", "read", "broken", "words"}), "nobody") << "the broken one counts";
  EXPECT_EQ(Winner({}), "nobody");
  EXPECT_EQ(Winner({"failed", "broken"}), "nobody");
}

TEST_F(ToolVoteTest, TheQuorumIsTheMixtures) {
  mixture_.quorum = 2;
  EXPECT_EQ(Winner({"read", "words", "read", "words", "words"}), "words");
  EXPECT_EQ(Winner({"read", "words", "read", "write", "broken"}), "read 2");
  mixture_.quorum = 1;
  EXPECT_EQ(Winner({"read", "words", "write"}), "nobody") << "a vote of one is none";
}

TEST_F(ToolVoteTest, WhoIsAloneWinsUnlessItChangesSomething) {
  EXPECT_EQ(Winner({"read", "failed", "broken"}), "read 1");
  EXPECT_EQ(Winner({"words", "failed"}), "words");
  EXPECT_EQ(Winner({"write", "failed", "broken"}), "nobody");
  EXPECT_EQ(Winner({"write", "write", "broken"}), "write 2");
  mixture_.mutating_tools = {};
  EXPECT_EQ(Winner({"write", "failed", "broken"}), "write 1");
}

TEST_F(ToolVoteTest, ArgumentsAreComparedAsValues) {
  EXPECT_EQ(Winner({R"(read {"a":1,"b":2})", R"(read { "b": 2, "a": 1 })", "words"}), "read 2");
  EXPECT_EQ(Winner({R"(read {"a":1})", R"(read {"a":2})", "words"}), "nobody");
}

TEST_F(ToolVoteTest, IsDecidedByCallsAlone) {
  EXPECT_TRUE(Vote({"read", "read", "open"}).IsDecided());
  EXPECT_FALSE(Vote({"words", "words", "open"}).IsDecided()) << "the others' words may help";
  EXPECT_FALSE(Vote({"read", "open", "open"}).IsDecided());
  EXPECT_FALSE(Vote({"read", "read", "open", "open"}).IsDecided());
  EXPECT_FALSE(Vote({}).IsDecided());
}

TEST_F(ToolVoteTest, SidesAreOrderedByBackersThenRashnessThenPlace) {
  const ToolVote vote = Vote({"write", "words", "read", R"(read {"a":1})", R"(read {"a":1})"});
  std::string order;
  for (const Side& side : vote.sides()) {
    order += side.is_words ? "words;" : side.backers[0]->completion.tool_calls[0].name + ";";
  }
  EXPECT_EQ(order, "read;words;read;write;");
  EXPECT_EQ(vote.callers(), 4);
}

TEST(MutatingTools, AreNamedByPatterns) {
  EXPECT_TRUE(IsOneOf("write", {"write"}));
  EXPECT_TRUE(IsOneOf("Write_File", {"read", "write*"}));
  EXPECT_TRUE(IsOneOf("mcp__fs__write_file", {"*write*"}));
  EXPECT_TRUE(IsOneOf("aXbXc", {"a*b*c"}));
  EXPECT_TRUE(IsOneOf("anything", {"*"}));
  EXPECT_FALSE(IsOneOf("rewrite", {"write*"}));
  EXPECT_FALSE(IsOneOf("writer", {"write"}));
  EXPECT_FALSE(IsOneOf("ab", {"a*b*b"}));
  EXPECT_FALSE(IsOneOf("write", {}));
  EXPECT_FALSE(IsOneOf("write", {""}));
}

// The tools of the agents that docs/clients.md has, and others' that are in wide use.
TEST(MutatingTools, ByDefaultAreThoseOfAgentsThatChangeSomething) {
  for (const char* name : {"bash",
                           "Bash",
                           "write",
                           "edit",
                           "MultiEdit",
                           "NotebookEdit",
                           "patch",
                           "apply_patch",
                           "write_file",
                           "write_to_file",
                           "replace_in_file",
                           "execute_command",
                           "run_shell_command",
                           "shell",
                           "exec_command",
                           "create_new_file",
                           "edit_existing_file",
                           "run_terminal_command",
                           "str_replace_based_edit_tool",
                           "delete_file",
                           "git_commit",
                           "send_email",
                           "insert_content"}) {
    EXPECT_TRUE(IsOneOf(name, DefaultMutatingTools())) << name;
  }
  for (const char* name :
       {"read", "Read", "glob", "grep", "list", "ls", "read_file", "search_files", "webfetch",
        "web_search", "list_files", "get_weather", "view_diff"}) {
    EXPECT_FALSE(IsOneOf(name, DefaultMutatingTools())) << name;
  }
}

}  // namespace
}  // namespace mom::testing
