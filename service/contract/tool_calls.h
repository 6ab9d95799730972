// Whether the tool calls of an answer can be made, and whether the request allows them.
#ifndef MOM_CONTRACT_TOOL_CALLS_H_
#define MOM_CONTRACT_TOOL_CALLS_H_

#include <string>
#include <vector>

#include "service/model/chat.h"

namespace mom {

// What is wrong with an answer's calls; the worst of them, last is worst.
enum class CallsFault {
  kNone,
  kMismatch,    // arguments that do not fit the declared schema: the client can still say so
  kNotAllowed,  // tool_choice or parallel_tool_calls forbids it
  kMalformed,   // a tool that is not declared, or arguments that are no JSON object
};

struct CallsVerdict {
  CallsFault fault = CallsFault::kNone;
  // The fault in one line, with names of tools and fields alone; empty where there is none.
  std::string why;
};

// Judges the calls of an answer that came to its end. A tool whose schema cannot be judged takes
// any object. Pure.
CallsVerdict CheckToolCalls(const std::vector<ToolCall>& calls, const ChatRequest& request);

// Those of the calls that may go out: none where one is malformed (they belong together, and
// nobody could make it) or tool_choice forbids all; only the tool that tool_choice names; only the
// first where parallel_tool_calls is false. Pure.
std::vector<ToolCall> CallsThatMayGoOut(const std::vector<ToolCall>& calls,
                                        const ChatRequest& request);

// Whether a request can be answered by tool calls. Pure.
bool TakesCalls(const ChatRequest& request);

// Equal for the same calls, in whatever order they come and however their arguments are written:
// the names with their arguments as canonical JSON, sorted. Pure.
std::string SignatureOf(const std::vector<ToolCall>& calls);

// "read, read, bash": for people.
std::string NamesOf(const std::vector<ToolCall>& calls);

}  // namespace mom

#endif  // MOM_CONTRACT_TOOL_CALLS_H_
