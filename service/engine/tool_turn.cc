#include "service/engine/tool_turn.h"

#include <re2/re2.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "service/base/json_reader.h"
#include "service/contract/request_text.h"
#include "service/engine/call_id.h"

namespace mom {
namespace {

using Messages = std::vector<Message>;

// The place after the message whose results end the conversation; 0: there are none. Agents put
// words of the user's behind them: reminders, and the images that a tool gave.
std::size_t StartOfResults(const Messages& messages, std::size_t end) {
  while (end > 0 && messages[end - 1].role == Role::kUser) --end;
  std::size_t start = end;
  while (start > 0 && messages[start - 1].role == Role::kTool) --start;
  return start == end ? 0 : start;
}
std::size_t StartOfResults(const Messages& messages) {
  return StartOfResults(messages, messages.size());
}

// How many times in a row tools were called, up to the end.
int TurnsInARow(const Messages& messages) {
  int turns = 0;
  for (std::size_t start = StartOfResults(messages); start > 0;
       start = StartOfResults(messages, start - 1)) {
    ++turns;
  }
  return turns;
}

bool SaysFailureInWords(const std::string& text) {
  static const RE2* const kOpening =
      new RE2(R"((?i)^\s*(?:<(?:tool_use_)?error>|)"
              R"((?:\w*error|exception|failed|failure|fatal|traceback)(?:[:!\s\[]|$)))");
  static const RE2* const kExitCode =
      new RE2(R"((?i)\bexit(?:ed)?(?: with)? (?:code|status)[ :=]*-?0*[1-9]\d*\b)");
  if (RE2::PartialMatch(text, *kOpening)) return true;
  // An exit code is told before or after what the program printed.
  const std::size_t first_end = std::min(text.find('\n'), text.size());
  const std::size_t text_end = text.find_last_not_of(" \t\r\n") + 1;
  const std::size_t last_start = text.rfind('\n', text_end == 0 ? 0 : text_end - 1) + 1;
  return RE2::PartialMatch(text.substr(0, first_end), *kExitCode) ||
         RE2::PartialMatch(text.substr(std::min(last_start, text.size())), *kExitCode);
}

bool SaysFailureInJson(const std::string& text) {
  const auto members = ReadJsonObject(text);
  if (!members) return false;
  return std::any_of(members->begin(), members->end(), [](const auto& member) {
    const auto& [name, value] = member;
    if (name == "error") return value != "null" && value != "false" && value != "\"\"";
    if (name == "is_error" || name == "isError") return value == "true";
    if (name == "success" || name == "ok") return value == "false";
    return (name == "exit_code" || name == "exitCode") && value != "0" && value != "null";
  });
}

}  // namespace

std::optional<std::string> ActingMember(const ChatRequest& chat, const MixtureConfig& mixture) {
  const std::size_t results = StartOfResults(chat.messages);
  if (results == 0) return std::nullopt;
  std::vector<std::string> models = mixture.members;
  models.push_back(mixture.critic);
  models.insert(models.end(), mixture.critic_fallbacks.begin(), mixture.critic_fallbacks.end());
  for (const ToolCall& call : chat.messages[results - 1].tool_calls) {
    const auto made_it = [&](const std::string& model) { return IsCallIdOf(call.id, model); };
    const auto found = std::find_if(models.begin(), models.end(), made_it);
    if (found != models.end()) return *found;
  }
  return std::nullopt;
}

std::optional<std::string> WhyReconvene(const ChatRequest& chat, const MixtureConfig& mixture) {
  const std::size_t results = StartOfResults(chat.messages);
  if (results == 0) return std::nullopt;
  if (mixture.tool_turns == "every_n") {
    const int turns = TurnsInARow(chat.messages);
    if (turns % mixture.tool_turns_every != 0) return std::nullopt;
    return "turn " + std::to_string(turns) + " with tools in a row";
  }
  const bool failed =
      std::any_of(chat.messages.begin() + static_cast<std::ptrdiff_t>(results), chat.messages.end(),
                  [](const Message& m) { return m.role == Role::kTool && ShowsFailure(m); });
  if (mixture.tool_turns != "on_error" || !failed) return std::nullopt;
  return "a tool's result shows a failure";
}

bool ShowsFailure(const Message& result) {
  const std::string text = TextOf(result);
  return SaysFailureInWords(text) || SaysFailureInJson(text);
}

}  // namespace mom
