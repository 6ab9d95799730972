#include "service/contract/chat_files.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

namespace mom {
namespace {

// How aider's messages with files begin.
constexpr std::string_view kAdded = "I have *added these files to the chat* so you ";
constexpr std::string_view kReadOnly =
    "Here are some READ ONLY files, provided for your reference.";

constexpr std::array<Fence, 7> kFences = {{{"```", "```"},
                                           {"````", "````"},
                                           {"<source>", "</source>"},
                                           {"<code>", "</code>"},
                                           {"<pre>", "</pre>"},
                                           {"<codeblock>", "</codeblock>"},
                                           {"<sourcecode>", "</sourcecode>"}}};

// Takes one line off the text, without its "\n".
std::string_view TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

const Fence* FenceOpenedBy(std::string_view line) {
  const auto fence = std::find_if(kFences.begin(), kFences.end(),
                                  [&](const Fence& one) { return one.open == line; });
  return fence == kFences.end() ? nullptr : &*fence;
}

// Whether what follows a file is the next one, or nothing.
bool MayFollowFile(std::string_view rest, const Fence& fence) {
  if (rest.empty()) return true;
  const bool blank = TakeLine(rest).empty();
  const bool name = !TakeLine(rest).empty();
  return blank && name && TakeLine(rest) == fence.open;
}

// The file's text, taken off `rest` with the line that closes it: one that begins with the fence,
// or, where the file has no newline at its end, one that ends with it. nullopt: nothing closes it.
std::optional<std::string_view> TakeBody(std::string_view& rest, const Fence& fence) {
  for (std::size_t at = 0; (at = rest.find(fence.close, at)) != std::string_view::npos; ++at) {
    const std::size_t end = at + fence.close.size();
    if (end < rest.size() && rest[end] != '\n') continue;
    const std::string_view after = rest.substr(std::min(end + 1, rest.size()));
    const bool is_line = at == 0 || rest[at - 1] == '\n';
    if (!is_line && !MayFollowFile(after, fence)) continue;
    const std::string_view body = rest.substr(0, at);
    rest = after;
    return body;
  }
  rest = {};
  return std::nullopt;
}

void TakeFiles(std::string_view message, bool read_only, ChatFiles& into) {
  std::string_view before;
  while (!message.empty()) {
    const std::string_view line = TakeLine(message);
    const Fence* fence = before.empty() ? nullptr : FenceOpenedBy(line);
    const std::optional<std::string_view> body =
        fence == nullptr ? std::nullopt : TakeBody(message, *fence);
    if (body) {
      into.fence = *fence;
      into.files.push_back({std::string(before), read_only, FileText(*body)});
    }
    before = body ? std::string_view() : line;
  }
}

// The last text of a user's message that begins so.
const std::string* LastWith(std::string_view opening, const ChatRequest& request) {
  for (auto message = request.messages.rbegin(); message != request.messages.rend(); ++message) {
    if (message->role != Role::kUser) continue;
    for (const ContentPart& part : message->content) {
      const auto* text = std::get_if<TextPart>(&part);
      if (text != nullptr && text->text.starts_with(opening)) return &text->text;
    }
  }
  return nullptr;
}

}  // namespace

ChatFiles FindChatFiles(const ChatRequest& request) {
  ChatFiles found;
  if (const std::string* added = LastWith(kAdded, request)) TakeFiles(*added, false, found);
  if (const std::string* shown = LastWith(kReadOnly, request)) TakeFiles(*shown, true, found);
  return found;
}

std::string NormalPath(std::string_view path) {
  std::string normal = std::filesystem::path(path).lexically_normal().string();
  return normal.starts_with("./") ? normal.substr(2) : normal;
}

}  // namespace mom
