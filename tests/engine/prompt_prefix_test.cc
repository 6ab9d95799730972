// The conversation as the critic gets it is what a direct call would send, byte for byte.
#include "service/base/json_reader.h"
#include "service/model/translator.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using ::testing::StartsWith;

constexpr int kTurns = 30;

// The JSON array `messages` of the body that would be sent.
std::string MessagesOf(const ChatRequest& chat) {
  ModelConfig model;
  model.id = "m";
  const std::string body =
      FindTranslator("openai")->EncodeRequest(ProviderConfig(), model, chat).body;
  const auto members = ReadJsonObject(body).value();
  for (const auto& [name, value] : members) {
    if (name == "messages") return std::string(value);
  }
  ADD_FAILURE() << body;
  return {};
}

Message Says(Role role, const std::string& text) {
  Message message;
  message.role = role;
  TextPart part;
  part.text = text;
  message.content.emplace_back(part);
  return message;
}

// A session that has all that conversations have.
void AddTurn(int turn, ChatRequest& chat) {
  if (turn == 0) chat.messages.push_back(Says(Role::kSystem, "You are brief.\r\n\t\"Quote\" \\"));
  chat.messages.push_back(
      Says(Role::kUser, "Turn " + std::to_string(turn) + ": \xc3\xa9\xf0\x9f\x98\x80?"));
  if (turn % 5 == 1) {
    ImagePart image;
    image.url = "data:image/png;base64,AA==";
    chat.messages.back().content.emplace_back(image);
  }
  if (turn % 7 == 2) chat.messages.back().extra_json = R"({"cache_control":{"type":"ephemeral"}})";
}

void AddAnswer(int turn, const std::string& text, ChatRequest& chat) {
  chat.messages.push_back(Says(Role::kAssistant, text));
  if (turn % 4 != 3) return;
  ToolCall call;
  call.id = "call_" + std::to_string(turn);
  call.name = "read";
  call.arguments_json = R"({"path" : "a\/b", "n": 12345678901234567890})";
  chat.messages.back().tool_calls.push_back(call);
  chat.messages.push_back(Says(Role::kTool, "contents\n"));
  chat.messages.back().tool_call_id = call.id;
}

class PromptPrefixTest : public EngineTest {};

TEST_F(PromptPrefixTest, IsTheClientsOwnInEveryTurnOfASession) {
  mixture.analysis = "separate";
  ChatRequest chat;
  chat.tools.emplace_back().name = "read";
  int same = 0;
  for (int turn = 0; turn < kTurns; ++turn) {
    AddTurn(turn, chat);
    sink.events.clear();
    observer.records.clear();
    clients["critic"] = std::make_shared<FakeModelClient>("critic");
    AllMembersSay("draft");
    Model("critic").Then(EngineTest::Says("{\"conflicts\": [\"x\"]}"));
    Model("critic").Then(EngineTest::Says("final " + std::to_string(turn)));
    RunRequest request = Ask("");
    request.chat = std::make_shared<ChatRequest>(chat);
    ASSERT_TRUE(Run(request).ok());
    // Without the bracket at its end, and with what parts it from the next message.
    std::string prefix = MessagesOf(chat);
    prefix.back() = ',';
    for (std::size_t call : {0, 1}) {
      const std::string sent = MessagesOf(*Model("critic").call(call).request);
      EXPECT_THAT(sent, StartsWith(prefix)) << "turn " << turn;
      same += sent.starts_with(prefix) ? 1 : 0;
    }
    AddAnswer(turn, sink.answer()->completion.text, chat);
  }
  EXPECT_EQ(same, 2 * kTurns);
}

}  // namespace
}  // namespace mom::testing
