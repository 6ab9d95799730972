// The parts of a reply that do not depend on the request.
#ifndef MOM_TESTS_TESTING_EMULATOR_REPLY_TEXT_H_
#define MOM_TESTS_TESTING_EMULATOR_REPLY_TEXT_H_

#include <string>
#include <string_view>
#include <vector>

#include "tests/testing/emulator/script.h"

namespace mom::testing {

// `text` cut into tokens of `chars` code points, or, where that is 0, before each run of blanks.
std::vector<std::string> CutIntoTokens(std::string_view text, int chars);

// One delta object a token: reasoning, text, tool calls.
std::vector<std::string> DeltasOf(const ScriptedCall& call);

// The message object of an answer that is not streamed.
std::string AssistantMessage(const ScriptedCall& call);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_REPLY_TEXT_H_
