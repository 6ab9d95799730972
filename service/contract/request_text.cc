#include "service/contract/request_text.h"

#include "service/contract/pattern.h"

namespace mom {

std::string TextOf(const Message& message) {
  std::string all;
  for (const ContentPart& part : message.content) {
    const auto* text = std::get_if<TextPart>(&part);
    if (text == nullptr) continue;
    if (!all.empty()) all += '\n';
    all += text->text;
  }
  return all;
}

std::vector<std::string> Instructions(const ChatRequest& request) {
  std::vector<std::string> texts;
  for (const Message& message : request.messages) {
    if (message.role != Role::kSystem && message.role != Role::kDeveloper) break;
    texts.push_back(TextOf(message));
  }
  return texts;
}

std::string LastQuestion(const ChatRequest& request) {
  if (request.messages.empty() || request.messages.back().role != Role::kUser) return {};
  return TextOf(request.messages.back());
}

std::string WithoutQuotes(std::string_view text) {
  static const RE2& kShown = Pattern(
      {"(?ms)^[ \\t]*(?:```.*?(?:^[ \\t]*```[ \\t]*$|\\z)|~~~.*?(?:^[ \\t]*~~~|\\z)|>[^\\n]*)"});
  static const RE2& kWord = Pattern({"[\"'“‘`*]+(\\w{1,12}[.,;:]?)[\"'”’`*]+"});
  static const RE2& kQuoted = Pattern({"\"[^\"\\n]*\"|“[^”\\n]*”|`[^`\\n]*`"});
  std::string rest(text);
  RE2::GlobalReplace(&rest, kShown, "");
  RE2::GlobalReplace(&rest, kWord, "\\1");
  RE2::GlobalReplace(&rest, kQuoted, "…");
  return rest;
}

}  // namespace mom
