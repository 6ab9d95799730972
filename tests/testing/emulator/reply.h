// A scripted call, made ready to be answered with.
#ifndef MOM_TESTS_TESTING_EMULATOR_REPLY_H_
#define MOM_TESTS_TESTING_EMULATOR_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/testing/emulator/answer.h"
#include "tests/testing/emulator/question.h"
#include "tests/testing/emulator/script.h"

namespace mom::testing {

class AnswerBuilder;

// Speaks the OpenAI dialect. All text that does not depend on the request is made once, in the
// constructor, so that a request costs little more than copying. Immutable; thread-safe.
class Reply {
 public:
  explicit Reply(ScriptedCall call);

  // `serial` makes the answer's id unique.
  Answer Render(const Question& question, std::uint64_t serial, HttpVersion version) const;

  const ScriptedCall& call() const { return call_; }

 private:
  void RenderStream(const Question& question, std::uint64_t serial, AnswerBuilder& builder) const;
  void RenderUnary(const Question& question, std::uint64_t serial, AnswerBuilder& builder) const;
  // The course of both forms: waits, gates and faults; `send` writes the token of an index.
  template <typename SendToken>
  void Speak(AnswerBuilder& builder, const SendToken& send) const;
  // Tokens up to the end, or to the scripted error.
  std::size_t SpokenTokens() const;
  const std::string& ModelOf(const Question& question) const;
  std::string CompletionJson(const Question& question, std::uint64_t serial) const;
  std::string UsageJson(std::int64_t prompt_tokens) const;
  std::int64_t CompletionTokens() const;

  ScriptedCall call_;
  std::vector<std::string> deltas_;  // The delta object of each token, as JSON.
  std::string message_;              // The message object of the unary form, as JSON.
  std::string finish_reason_;        // As JSON; "null" for none.
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_REPLY_H_
