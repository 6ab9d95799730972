#include "service/contract/plain_answer.h"

#include <algorithm>
#include <array>

#include "service/contract/text_lines.h"

namespace mom {
namespace {

// "feat: ", "fix(parser)!: ".
bool BeginsWithType(std::string_view message) {
  static constexpr std::array<std::string_view, 10> kTypes = {
      "fix", "feat", "build", "chore", "ci", "docs", "style", "refactor", "perf", "test"};
  const std::size_t end = message.find_first_of("(!:");
  if (end == std::string_view::npos ||
      std::find(kTypes.begin(), kTypes.end(), message.substr(0, end)) == kTypes.end()) {
    return false;
  }
  return message.find(": ", end) != std::string_view::npos;
}

}  // namespace

Verdict CheckCommitMessage(std::string_view answer) {
  constexpr std::size_t kLongest = 72;
  Verdict verdict;
  std::string_view message = Strip(answer);
  if (message.starts_with(kFence)) {
    verdict.Break(0.1, "the message is in a fence");
  } else if (SplitLines(message).size() > 1) {
    verdict.Break(0.2, "the message has more than one line");
  }
  // aider takes quotation marks off.
  if (message.size() > 1 && message.front() == '"' && message.back() == '"') {
    message = Strip(message.substr(1, message.size() - 2));
  }
  const auto continues = [](char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; };
  const auto more = std::count_if(message.begin(), message.end(), continues);
  if (message.size() - static_cast<std::size_t>(more) > kLongest) {
    verdict.Lower(0.7, "the message is longer than 72 characters");
  }
  if (!BeginsWithType(message)) verdict.Lower(0.6, "the message does not begin with a type");
  return verdict;
}

Verdict CheckSummary(std::string_view answer) {
  Verdict verdict;
  if (answer.find(kFence) != std::string_view::npos) {
    verdict.Break(0.2, "the summary has fenced code");
  }
  if (!StripLeft(answer).starts_with("I asked you")) {
    verdict.Lower(0.7, "the summary does not begin with \"I asked you\"");
  }
  return verdict;
}

}  // namespace mom
