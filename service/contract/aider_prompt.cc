#include "service/contract/aider_prompt.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace mom {
namespace {

// What tells aider's instructions: a line of the system prompt that begins with `opening`, and
// after it lines that begin with `rules`. They are as short as they can be and still be nobody
// else's, so that a later aider, who says the rest in other words, is known too.
struct FormatWords {
  ContractKind kind;
  std::string_view opening;
  std::array<std::string_view, 2> rules;  // empty: there is none
};

constexpr std::string_view kDeveloper = "Act as an expert software developer";
constexpr std::array<FormatWords, 10> kAider = {{
    {ContractKind::kDiff,
     kDeveloper,
     {"# *SEARCH/REPLACE block* Rules:", "1. The *FULL* file path alone on a line"}},
    {ContractKind::kDiffFenced,
     kDeveloper,
     {"# *SEARCH/REPLACE block* Rules:", "1. The opening fence and code language"}},
    {ContractKind::kUdiff,
     kDeveloper,
     {"# File editing rules:", "Return edits similar to unified diffs"}},
    {ContractKind::kWhole,
     kDeveloper,
     {"To suggest changes to a file you MUST return the entire content",
      "You MUST use this *file listing* format:"}},
    {ContractKind::kPatch,
     kDeveloper,
     {"# V4A Diff Format Rules:", "Your entire response containing the patch MUST start with"}},
    {ContractKind::kArchitect,
     "Act as an expert architect engineer and provide direction to your editor engineer",
     {"The editor engineer will rely solely on your instructions", "Just show the changes needed"}},
    {ContractKind::kCommitMessage,
     "You are an expert software engineer that generates concise, one-line Git commit messages",
     {"Generate a one-line commit message", "Reply only with the one-line commit message"}},
    {ContractKind::kSummary,
     "*Briefly* summarize this partial conversation about programming",
     {"This is only part of a longer conversation", "Start the summary with \"I asked you"}},
    {ContractKind::kNone,  // of /ask and /context
     "Act as an expert code analyst",
     {}},
    {ContractKind::kNone,  // of /help
     "You are an expert on the AI coding tool called Aider",
     {}},
}};

// What is left of a text after the first line that begins so; null where there is none.
const char* AfterLine(std::string_view text, const char* from, std::string_view beginning) {
  std::size_t at = static_cast<std::size_t>(from - text.data());
  while ((at = text.find(beginning, at)) != std::string_view::npos) {
    if (at == 0 || text[at - 1] == '\n') return text.data() + at + beginning.size();
    at += beginning.size();
  }
  return nullptr;
}

bool Matches(const FormatWords& instructions, std::string_view text) {
  const char* at = AfterLine(text, text.data(), instructions.opening);
  for (const std::string_view rule : instructions.rules) {
    if (at != nullptr && !rule.empty()) at = AfterLine(text, at, rule);
  }
  return at != nullptr;
}

bool IsText(const Message& message, std::string_view text) {
  if (message.content.size() != 1) return false;
  const auto* part = std::get_if<TextPart>(&message.content[0]);
  return part != nullptr && part->text == text;
}

// aider's instructions open the conversation. Some models get them as a user's message, which aider
// answers itself, or which a library of aider's has made of the system's: then another user's
// follows at once. Where somebody shows them to a model, neither is so.
bool MayInstruct(const ChatRequest& request, std::size_t at) {
  const Message& message = request.messages[at];
  if (message.role == Role::kSystem || message.role == Role::kDeveloper) return true;
  if (message.role != Role::kUser || at != 0 || request.messages.size() < 2) return false;
  const Message& next = request.messages[1];
  return next.role == Role::kUser ||
         (next.role == Role::kAssistant && IsText(next, "Ok.") && request.messages.size() > 2);
}

}  // namespace

std::optional<ContractKind> FindAiderPrompt(const ChatRequest& request) {
  for (std::size_t i = 0; i < request.messages.size() && MayInstruct(request, i); ++i) {
    for (const ContentPart& part : request.messages[i].content) {
      const auto* text = std::get_if<TextPart>(&part);
      if (text == nullptr) continue;
      const auto found = std::find_if(kAider.begin(), kAider.end(),
                                      [&](const auto& one) { return Matches(one, text->text); });
      if (found != kAider.end()) return found->kind;
    }
  }
  return std::nullopt;
}

}  // namespace mom
