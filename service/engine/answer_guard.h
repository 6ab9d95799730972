// What a critic's answer must not be.
#ifndef MOM_ENGINE_ANSWER_GUARD_H_
#define MOM_ENGINE_ANSWER_GUARD_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "service/contract/contract.h"
#include "service/model/chat.h"

namespace mom {

// Judges text that a critic wrote. Pure. Why a text cannot go out is told in one word, for metrics:
// "fence", it repeats what fenced the candidates, or something like it; "process_talk"; "refused";
// "contract_broken", it does not keep the form that the client needs, or less well than the best
// candidate.
class AnswerGuard {
 public:
  // `nonce` is what fenced the candidates in the critic's prompt. `conversation`, which may be
  // null, is the client's: whoever asks about draft A is to be told about draft A.
  explicit AnswerGuard(std::string nonce, std::shared_ptr<const ChatRequest> conversation = nullptr)
      : nonce_(std::move(nonce)), conversation_(std::move(conversation)) {}

  // Whole answers must keep that form, with this score at least. `contract` must outlive the calls
  // of RejectWhole().
  void HoldTo(const Contract& contract, double least_score) {
    contract_ = &contract;
    least_score_ = least_score;
  }

  // Unset: nothing is wrong so far.
  std::optional<std::string> RejectStart(std::string_view text) const;
  std::optional<std::string> RejectWhole(const Completion& answer) const;

  // Whether a start that is not rejected may turn out wrong.
  enum class Doubt {
    kNone,
    kFewWords,  // a few more words will tell
    kRefusal,   // it reads like one, and only its end will tell
  };
  Doubt DoubtOf(std::string_view start) const;

  // Of text that goes out piece by piece. Whether it has a part of the fence; and how many bytes at
  // its end may be the beginning of one, so that they must wait for the next piece.
  bool RepeatsFence(std::string_view text) const;
  std::size_t MayBeginFence(std::string_view text) const;

 private:
  bool OpensWithProcessTalk(std::string_view text) const;
  // With the JSON that the critic wrote in the step before.
  bool OpensWithAnalysis(std::string_view text) const;
  bool IsAbout(std::string_view noun) const;
  // Whether the conversation has what the regular expression says.
  bool Mentions(const std::string& words) const;

  std::string nonce_;
  std::shared_ptr<const ChatRequest> conversation_;
  const Contract* contract_ = nullptr;
  double least_score_ = 0;
};

}  // namespace mom

#endif  // MOM_ENGINE_ANSWER_GUARD_H_
