// Turns with the tools read and write, for the strategy `arbitrate`.
#ifndef MOM_TESTS_ENGINE_ARBITRATE_FIXTURE_H_
#define MOM_TESTS_ENGINE_ARBITRATE_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/engine/arbitrate.h"
#include "service/engine/call_id.h"
#include "tests/engine/engine_fixture.h"
#include "tests/engine/tool_chat.h"

namespace mom::testing {

inline const Status kDown =
    MakeError(StatusCode::kUnavailable, "down", reason::kUpstreamOverloaded);

class ArbitrateTest : public EngineTest {
 protected:
  ArbitrateTest() { mixture.strategy = "arbitrate"; }

  static RunRequest AskWithTools() { return WithTools(Ask("question"), {"read", "write"}); }
  // The second turn of a conversation in which `member` has read something.
  static RunRequest Continue(const std::string& member, const std::string& result = "done") {
    RunRequest request = WithTools(AskStreaming("question"), {"read", "write"});
    return WithResults(std::move(request), {CallOf(NewCallId(member), "read")}, result);
  }
  static RunRequest With(RunRequest request, ToolChoice::Mode mode) {
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->tool_choice.emplace().mode = mode;
    request.chat = std::move(chat);
    return request;
  }

  const std::vector<ToolCall>& Emitted() { return sink.answer()->completion.tool_calls; }
  std::string ArbiterSaw(const std::string& critic = "critic") {
    return TextOf(Model(critic).call(0).request->messages.back());
  }
  std::vector<std::string> Stages() {
    std::vector<std::string> names;
    for (const StageEvent& stage : observer.records.at(0)->stages) names.push_back(stage.name);
    return names;
  }
};

}  // namespace mom::testing

#endif  // MOM_TESTS_ENGINE_ARBITRATE_FIXTURE_H_
