// Requests that answers can be checked against, and such answers.
#ifndef MOM_TESTS_ENGINE_SELECT_FIXTURE_H_
#define MOM_TESTS_ENGINE_SELECT_FIXTURE_H_

#include <memory>
#include <string>
#include <utility>

#include "tests/engine/engine_fixture.h"

namespace mom::testing {

class SelectTest : public EngineTest {
 protected:
  SelectTest() { mixture.strategy = "select"; }

  // A question that demands a JSON object.
  static RunRequest AskForJson() {
    RunRequest request = Ask("question");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format.emplace().kind = ResponseFormat::Kind::kJsonObject;
    request.chat = std::move(chat);
    return request;
  }

  // One that demands JSON of a schema.
  static RunRequest AskForANumber() {
    RunRequest request = AskForJson();
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->response_format->kind = ResponseFormat::Kind::kJsonSchema;
    chat->response_format->schema_json =
        R"({"properties": {"n": {"type": "integer"}, "mail": {"format": "email"}}})";
    request.chat = std::move(chat);
    request.want_progress = true;
    return request;
  }

  // aider's, with a file of one line.
  static RunRequest AskForAnEdit() {
    RunRequest request =
        Ask("Act as an expert software developer.\n# *SEARCH/REPLACE block* "
            "Rules:\n1. The *FULL* file path alone on a line\n");
    auto chat = std::make_shared<ChatRequest>(*request.chat);
    chat->messages[0].role = Role::kSystem;
    Message files;
    files.content.emplace_back(TextPart{
        "I have *added these files to the chat* so you can.\n\na.py\n```\n    x = 1\n```\n"});
    chat->messages.push_back(files);
    request.chat = std::move(chat);
    return request;
  }

  static std::string Edit(const std::string& search, const std::string& replace = "    x = 2") {
    return "a.py\n```\n<<<<<<< SEARCH\n" + search + "\n=======\n" + replace +
           "\n>>>>>>> REPLACE\n```\n";
  }
};

}  // namespace mom::testing

#endif  // MOM_TESTS_ENGINE_SELECT_FIXTURE_H_
