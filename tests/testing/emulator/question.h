// What the emulator understands of a chat completion request.
#ifndef MOM_TESTS_TESTING_EMULATOR_QUESTION_H_
#define MOM_TESTS_TESTING_EMULATOR_QUESTION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mom::testing {

struct Question {
  std::string model;
  bool stream = false;
  bool include_usage = false;
  std::string last_user;           // The text of the last message of the role "user".
  std::int64_t prompt_tokens = 0;  // A quarter of the bytes of the messages' text, rounded up.
};

// nullopt: not JSON, or without a model or messages.
std::optional<Question> ParseQuestion(std::string_view body);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_QUESTION_H_
