// Conversations with tools, for tests.
#ifndef MOM_TESTS_ENGINE_TOOL_CHAT_H_
#define MOM_TESTS_ENGINE_TOOL_CHAT_H_

#include <initializer_list>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/engine/run.h"
#include "service/model/chat.h"
#include "tests/testing/fake_model_client.h"

namespace mom::testing {

// The request with these tools, which take any object.
inline RunRequest WithTools(RunRequest request, std::initializer_list<const char*> names) {
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  for (const char* name : names) {
    Tool tool;
    tool.name = name;
    chat->tools.push_back(std::move(tool));
  }
  request.chat = std::move(chat);
  return request;
}

// The request after these calls, with a result for each.
inline RunRequest WithResults(RunRequest request, const std::vector<ToolCall>& calls,
                              const std::string& result) {
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  Message called;
  called.role = Role::kAssistant;
  called.tool_calls = calls;
  chat->messages.push_back(std::move(called));
  for (const ToolCall& call : calls) {
    Message message;
    message.role = Role::kTool;
    message.tool_call_id = call.id;
    message.content.emplace_back(TextPart{result});
    chat->messages.push_back(std::move(message));
  }
  request.chat = std::move(chat);
  return request;
}

inline ToolCall CallOf(std::string id, std::string name, std::string arguments = "{}") {
  ToolCall call;
  call.id = std::move(id);
  call.name = std::move(name);
  call.arguments_json = std::move(arguments);
  return call;
}

// A model that makes one call.
inline FakeAnswer Calls(const std::string& name, const std::string& arguments = "{}",
                        const std::string& id = "call_1") {
  return FakeAnswer().Call(0, id, name, arguments).Finish(FinishReason::kToolCalls);
}

}  // namespace mom::testing

#endif  // MOM_TESTS_ENGINE_TOOL_CHAT_H_
