// The files that a conversation shows, as aider adds them to it.
#ifndef MOM_CONTRACT_CHAT_FILES_H_
#define MOM_CONTRACT_CHAT_FILES_H_

#include <string>
#include <string_view>
#include <vector>

#include "service/contract/file_text.h"
#include "service/model/chat.h"

namespace mom {

// What encloses code in a conversation: aider takes the first kind that no file's line begins with.
struct Fence {
  std::string_view open = "```";
  std::string_view close = "```";
};

struct ChatFile {
  std::string path;  // as the conversation has it
  bool read_only = false;
  FileText text;
};

struct ChatFiles {
  std::vector<ChatFile> files;
  Fence fence;
};

// The files of the last message that adds files, and those of the last one that shows files that
// must not be edited. Shares the lifetime of the request.
ChatFiles FindChatFiles(const ChatRequest& request);

// A path as one for all ways of writing it: "a//b/./c" is "a/b/c".
std::string NormalPath(std::string_view path);

}  // namespace mom

#endif  // MOM_CONTRACT_CHAT_FILES_H_
