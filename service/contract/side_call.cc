#include "service/contract/side_call.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "service/contract/aider_prompt.h"
#include "service/contract/pattern.h"
#include "service/contract/request_text.h"
#include "service/contract/text_lines.h"

namespace mom {
namespace {

struct Fingerprint {
  std::string_view name;
  std::string_view opening;   // what the prompt begins with, without its line's end
  std::string_view contains;  // a line, or a part of one
  std::string_view ending;
};

constexpr std::array<Fingerprint, 2> kInstructions = {{
    {"opencode title", "You are a title generator. You output ONLY a thread title.",
     "Generate a brief title that would help the user find this conversation later.", ""},
    {"claude-code title",
     "Generate a concise, sentence-case title (3-7 words) that captures the main topic or goal of "
     "this coding session.",
     "The session content is provided inside <session> tags.", ""},
}};

constexpr std::string_view kHistory = "### Chat History:";
constexpr std::string_view kHistoryEnds = "</chat_history>";
constexpr std::array<Fingerprint, 4> kQuestions = {{
    {"open-webui title",
     "Generate a concise, 3-5 word title with an emoji summarizing the chat history.", kHistory,
     kHistoryEnds},
    {"open-webui title", "Generate a concise title summarizing the chat history.", kHistory,
     kHistoryEnds},
    {"open-webui tags",
     "Generate 1-3 broad tags categorizing the main themes of the chat history, along with 1-3 "
     "more specific subtopic tags.",
     kHistory, kHistoryEnds},
    {"open-webui follow-ups",
     "Suggest 3-5 relevant follow-up questions or prompts that the user might naturally ask next "
     "in this conversation as a **user**,",
     kHistory, kHistoryEnds},
}};

// The text without what stands before a prompt: Claude Code's lines on itself, Open WebUI's
// heading.
std::string_view Prompt(std::string_view text) {
  static const RE2& kBefore =
      Pattern({"^### Task:\\r?\\n|^(?:x-anthropic-billing-header:[^\\n]*\\n)?",
               "(?:You are (?:Claude Code|a Claude agent), [^\\n]*\\n)?"});
  re2::StringPiece rest = Piece(text);
  RE2::Consume(&rest, kBefore);
  return Strip({rest.data(), rest.size()});
}

template <std::size_t N>
std::optional<std::string_view> Match(const std::array<Fingerprint, N>& known,
                                      std::string_view text) {
  const std::string_view prompt = Prompt(StripLeft(text));
  const auto found = std::find_if(known.begin(), known.end(), [&](const Fingerprint& one) {
    return prompt.starts_with(one.opening) && prompt.find(one.contains) != std::string_view::npos &&
           prompt.ends_with(one.ending);
  });
  if (found == known.end()) return std::nullopt;
  return found->name;
}

}  // namespace

std::optional<std::string_view> DetectSideCall(const ChatRequest& request) {
  if (!request.tools.empty()) return std::nullopt;
  const std::optional<ContractKind> aider = FindAiderPrompt(request);
  if (aider == ContractKind::kCommitMessage) return "aider commit message";
  if (aider == ContractKind::kSummary) return "aider summary";
  for (const std::string& text : Instructions(request)) {
    if (const auto found = Match(kInstructions, text)) return found;
  }
  return Match(kQuestions, LastQuestion(request));
}

}  // namespace mom
