// What a member answered, and what it is worth.
#ifndef MOM_ENGINE_CANDIDATE_H_
#define MOM_ENGINE_CANDIDATE_H_

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "service/base/status.h"
#include "service/contract/contract.h"
#include "service/contract/tool_calls.h"
#include "service/model/model_client.h"

namespace mom {

enum class CandidateState { kSucceeded, kFailed, kTimedOut, kCancelled, kSkipped };

// Best first. `kFailed` has no answer that could be given to anybody.
enum class Grade { kUsable, kContractBroken, kCut, kRefused, kFailed };

struct Candidate {
  std::string model;
  // In its run, from 1: tells apart several answers of one model. Set by RunRecord::Add.
  int number = 0;
  CandidateState state = CandidateState::kFailed;
  Grade grade = Grade::kFailed;
  // What the check of the request's contract said; as new where nothing was checked.
  Verdict verdict;
  Completion completion;  // partial where it was cut short
  Status error;           // OK where the state is kSucceeded
  std::chrono::nanoseconds latency{0};
  std::optional<std::chrono::nanoseconds> time_to_first_token;
  // The HTTP calls made for it, and what they took together: RunRecord::AddUp. What the answer
  // alone took is in `completion`.
  int attempts = 0;
  Usage usage;
  // One line for people: why it was taken or not. Names of files, fields and tools may be in it,
  // but nothing else of the conversation or of an answer. Empty until that is known.
  std::string why;

  bool usable() const { return grade == Grade::kUsable; }
  bool has_answer() const { return grade != Grade::kFailed; }
};

// Whether there is nothing to see in a text.
bool IsBlank(std::string_view text);

// The grade of an answer that came to its end, whose tool calls were judged:
// kUsable: visible text, or tool calls without a fault (service/contract/tool_calls.h); kCut:
// finish_reason `length` with any text or call; kRefused: a refusal field, `content_filter`, or a
// short text that opens as refusals do (what the form of the request says of that text is not known
// here: HoldToContract()); kContractBroken: calls with a fault, where there is text
// or some of the calls may go out, or text where a call is demanded; kFailed: nothing that could go
// out.
Grade GradeOf(const Completion& completion, const CallsVerdict& calls);

// What became of a candidate that was under way: skipped, where its target refused.
Candidate MakeCandidate(const Candidate& under_way, Collected collected, ToolRules& rules);

// Checks a usable candidate's text against the request's contract, and lowers its grade where it
// does not keep it. Of what calls a tool the form of the text says nothing. What only reads like a
// refusal and keeps a form that words have not is none: an edit, or a field, may say "I can't".
void HoldToContract(const Contract& contract, Candidate& candidate);

// Where none of the answers that edit can be used, those of words alone: PutWordsLast() of
// service/contract/verdict.h.
void PutWordsLast(std::vector<Candidate>& candidates);

// The best candidate that has an answer: by grade, then by the contract's score, then by the
// mixture's order; null where there is none.
const Candidate* FindAnchor(std::span<const Candidate> candidates);

// Whether none that is still under way (kCancelled) could become the anchor any more: the anchor
// has the best score that there is, or a member before it can have no more than the same.
bool IsAnchorDecided(const std::vector<Candidate>& candidates);

// A member that is being asked: cancelled, where nothing else becomes of it.
Candidate CandidateUnderWay(std::string model);

// A member that was not asked, and why.
Candidate SkippedCandidate(std::string model, Status why);

// Whether the provider says that it is refused: by a field or by `content_filter`.
bool IsDeclaredRefusal(const Completion& completion);

// Whether a text opens as a refusal does ("I'm sorry, but I can't..."): English, short answers
// only.
bool LooksLikeRefusal(std::string_view text);

const char* NameOf(Grade grade);
const char* NameOf(CandidateState state);

}  // namespace mom

#endif  // MOM_ENGINE_CANDIDATE_H_
