// The texts of a conversation by which its contract is known.
#ifndef MOM_CONTRACT_REQUEST_TEXT_H_
#define MOM_CONTRACT_REQUEST_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "service/model/chat.h"

namespace mom {

// A message's text parts, each on a line of its own. Empty where it has none.
std::string TextOf(const Message& message);

// The texts of the system's and developer's messages that open the conversation.
std::vector<std::string> Instructions(const ChatRequest& request);

// The text of the last message where it is a user's; else empty.
std::string LastQuestion(const ChatRequest& request);

// The text without what it only shows: fenced blocks, quoted lines ("> ..."), and what stands
// between quotation marks or in `code`, but for single words.
std::string WithoutQuotes(std::string_view text);

}  // namespace mom

#endif  // MOM_CONTRACT_REQUEST_TEXT_H_
