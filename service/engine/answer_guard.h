// What a critic's answer must not be.
#ifndef MOM_ENGINE_ANSWER_GUARD_H_
#define MOM_ENGINE_ANSWER_GUARD_H_

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace mom {

// Judges text that a critic wrote. Pure.
class AnswerGuard {
 public:
  // `nonce` is what fenced the candidates in the critic's prompt.
  explicit AnswerGuard(std::string nonce) : nonce_(std::move(nonce)) {}

  // Why the text cannot go out, in one word for metrics ("refusal", "process_talk", "nonce"); unset
  // where nothing is wrong. `whole` tells whether more may follow: a start is judged leniently.
  std::optional<std::string> Reject(std::string_view text, bool whole) const;

 private:
  std::string nonce_;
};

// Whether a text opens by talking about the candidates it was made from ("Response 2 is right",
// "Based on the answers above"): the user never saw them.
bool OpensWithProcessTalk(std::string_view text);

}  // namespace mom

#endif  // MOM_ENGINE_ANSWER_GUARD_H_
