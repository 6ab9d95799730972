// Whether the tool calls of an answer can be made, and whether the request allows them.
#ifndef MOM_CONTRACT_TOOL_CALLS_H_
#define MOM_CONTRACT_TOOL_CALLS_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "service/contract/json_schema.h"
#include "service/contract/tool_choice.h"
#include "service/model/chat.h"

namespace mom {

// What is wrong with an answer's calls; the worst of them, last is worst.
enum class CallsFault {
  kNone,
  kMismatch,    // arguments that do not fit the declared schema: the client can still say so
  kNotAllowed,  // tool_choice or parallel_tool_calls forbids it
  kMissing,     // there is none, and tool_choice demands one
  kMalformed,   // a tool that is not declared, or arguments that are no JSON object
};

struct CallsVerdict {
  CallsFault fault = CallsFault::kNone;
  // The fault in one line, with names of tools and fields alone; empty where there is none.
  std::string why;
  // What of the called tools' schemas could not be checked, for people.
  std::vector<std::string> unchecked;
  // Those of the calls that may go out: none where one is malformed (they belong together, and
  // nobody could make it) or tool_choice forbids all; only the tools that tool_choice names; only
  // the first where parallel_tool_calls is false.
  std::vector<ToolCall> may_go_out;
};

// What a request says of the tool calls of its answers. Owner: shared by all that judge answers to
// that request. Thread: the request's loop.
class ToolRules {
 public:
  explicit ToolRules(std::shared_ptr<const ChatRequest> request);

  // Judges the calls of an answer that came to its end. A tool whose schema cannot be judged takes
  // any object.
  CallsVerdict Judge(const std::vector<ToolCall>& calls);

  // What the arguments of that tool of the request must fit, parsed when it is first asked for:
  // large ones take milliseconds. Null: anything.
  const JsonSchema* SchemaOf(const Tool& tool);

 private:
  CallsVerdict HoldToSchema(const ToolCall& call, const Tool& tool);
  CallsVerdict JudgeOne(const ToolCall& call);
  std::string WhyNotAllowed(const std::vector<ToolCall>& calls) const;
  std::vector<ToolCall> MayGoOut(const std::vector<ToolCall>& calls, CallsFault fault) const;

  const std::shared_ptr<const ChatRequest> request_;
  const CallLimits limits_;
  std::map<const Tool*, std::shared_ptr<const JsonSchema>> schemas_;
};

// Whether the request's tool_choice demands a call.
bool DemandsCall(const ChatRequest& request);

// Whether a request can be answered by tool calls. Pure.
bool TakesCalls(const ChatRequest& request);

// Equal for the same calls, in whatever order they come and however their arguments are written:
// the names with their arguments as canonical JSON, sorted. Pure.
std::string SignatureOf(const std::vector<ToolCall>& calls);

// "read, read, bash": for people.
std::string NamesOf(const std::vector<ToolCall>& calls);

}  // namespace mom

#endif  // MOM_CONTRACT_TOOL_CALLS_H_
