#include "service/model/think_block.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace mom {
namespace {

struct Parts {
  std::string text;
  std::string reasoning;
  bool operator==(const Parts&) const = default;
};

// Of an answer that comes in pieces of so many bytes.
Parts PartsOf(std::string_view answer, std::size_t piece) {
  ThinkBlock block;
  Parts parts;
  for (std::size_t at = 0; at < answer.size(); at += piece) {
    block.Add(answer.substr(at, piece), parts.text, parts.reasoning);
  }
  block.End(parts.text, parts.reasoning);
  return parts;
}

TEST(ThinkBlock, IsMovedHoweverItComes) {
  const struct {
    const char* answer;
    Parts parts;
  } cases[] = {
      {"<think>\nDraft A?\n</think>\n\nParis.\n", {"Paris.\n", "\nDraft A?\n"}},
      {" \n<think>a</think>b", {"b", "a"}},
      {"<think></think>\n{\"a\": 1}", {"{\"a\": 1}", ""}},
      {"<think>1 < 2 </thin </think>yes", {"yes", "1 < 2 </thin "}},
      {"<think>cut", {"", "cut"}},
      {"<think>cut</thi", {"", "cut</thi"}},
      {"<think>a</think>", {"", "a"}},
      {"<think>a</think>b<think>c</think>", {"b<think>c</think>", "a"}},
      {"Say <think>a</think>.", {"Say <think>a</think>.", ""}},
      {"<thinking>a</thinking>", {"<thinking>a</thinking>", ""}},
      {"<thin", {"<thin", ""}},
      {"  text", {"  text", ""}},
      {" \n", {" \n", ""}},
      {"", {"", ""}},
  };
  for (const auto& [answer, parts] : cases) {
    for (const std::size_t piece : {1, 2, 3, 7, 100}) {
      EXPECT_EQ(PartsOf(answer, piece), parts) << answer << " by " << piece;
    }
  }
}

}  // namespace
}  // namespace mom
