

#include "service/contract/aider_prompt.h"
#include "service/contract/chat_files.h"
#include "service/contract/pattern.h"
#include "service/contract/request_text.h"

namespace mom {
namespace {

constexpr std::string_view kName = "[\\w.\\-][\\w./\\-]*";

std::optional<ContractKind> FormatOf(const std::string& text) {
  static const RE2& kDiff =
      Pattern({"(?m)^", kName, "\\r?\\n(?:```+|<source>)[\\w+#.\\-]*\\r?\\n<<<<<<< SEARCH\\r?\\n"});
  static const RE2& kFenced =
      Pattern({"(?m)^(?:```+|<source>)[\\w+#.\\-]*\\r?\\n", kName, "\\r?\\n<<<<<<< SEARCH\\r?\\n"});
  static const RE2& kWhole =
      Pattern({"(?m)^<<<<<<< SEARCH\\r?\\n(?:[^\\n]*\\n)*?=======\\r?\\n(?:[^\\n]*\\n)*?",
               ">>>>>>> REPLACE\\r?\\n(?:```+|</source>)"});
  if (!Finds(kWhole, text)) return std::nullopt;
  if (Finds(kFenced, text)) return ContractKind::kDiffFenced;
  if (Finds(kDiff, text)) return ContractKind::kDiff;
  return std::nullopt;
}

}  // namespace

std::optional<ContractKind> FindAiderTurns(const ChatRequest& request) {
  constexpr int kLeast = 2;
  if (request.messages.empty() || request.messages.back().role == Role::kAssistant ||
      !request.tools.empty() || FindChatFiles(request).files.empty()) {
    return std::nullopt;
  }
  std::optional<ContractKind> last;
  int turns = 0;
  for (const Message& message : request.messages) {
    if (message.role != Role::kAssistant) continue;
    const std::string text = TextOf(message);
    if (text.starts_with("Ok")) continue;  // aider's own words, in the assistant's place
    const std::optional<ContractKind> format = FormatOf(text);
    turns = format && (!last || format == last) ? turns + 1 : (format ? 1 : 0);
    last = format;
  }
  return turns >= kLeast ? last : std::nullopt;
}

}  // namespace mom
