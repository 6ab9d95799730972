#include "service/engine/candidate.h"

#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <utility>

#include "service/base/reasons.h"
#include "service/model/target_state.h"

namespace mom {
namespace {

// Of calls that are not as they should be, those that the client can answer come closer.
constexpr double kMayGoOut = 0.1;

// What is wrong with an answer that has nothing to give out.
Status NothingToGive(const Candidate& candidate) {
  std::string text = "model `" + candidate.model + "`: ";
  const bool is_cut = candidate.completion.finish_reason == FinishReason::kLength;
  if (!is_cut && !candidate.completion.tool_calls.empty()) {
    text += "its answer is nothing but tool calls that cannot be made: " + candidate.verdict.why +
            "; ask again, or ask another model";
    return MakeError(StatusCode::kUnavailable, text, reason::kMalformedToolCall);
  }
  ErrorInfo info;
  info.reason = reason::kEmptyCompletion;
  if (is_cut) {
    const std::string key = "models." + candidate.model + ".max_tokens";
    info.metadata["config_key"] = key;
    text +=
        "its limit of tokens was used up before there was any visible text; raise `max_tokens` "
        "in the request, and " +
        key;
  } else {
    text += "the answer has no visible text; ask again, or ask another model";
  }
  return MakeError(StatusCode::kUnavailable, text, std::move(info));
}

bool IsTimeout(const Status& status) { return status.code() == StatusCode::kDeadlineExceeded; }

}  // namespace

bool IsBlank(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isspace(c) != 0; });
}

bool LooksLikeRefusal(std::string_view text) {
  // A refusal is short and says so at once, as a sentence of its own or after an apology; a long
  // text that begins so goes on to answer, and one in quotes is somebody else's.
  constexpr std::size_t kLongest = 600;
  constexpr std::size_t kOpening = 160;
  static const RE2* const kPattern = new RE2(
      "(?i)(?:^|[.!?,;:\\n] |\\b(?:but|sorry|afraid|that|and|unfortunately|so) )[\\s*_]*"
      "i(?: (?:must|have to)(?: \\w+)? decline\\b"
      "|(?:(?:'m| am) (?:unable|not able|not going) to| can(?:'t|not| not)| won't| will not) "
      "(?:be able to )?(?:(?:help|assist)(?: you)?(?: with| in\\b|[.!,;]|$)|comply\\b|fulfill?\\b"
      "|help (?:you )?(?:to )?(?:do|create|make|write|build|commit)\\b|engage in\\b"
      "|(?:do|share|support) (?:that|this)(?:[.!,;]|$)"
      "|(?:provide|offer|give|create|write|generate|discuss|answer) (?:you (?:with )?)?(?:\\w+ )?"
      "(?:that|such|instructions|information|content|assistance|guidance|help|advice)\\b))");
  if (text.size() > kLongest) return false;
  std::string opening(text.substr(0, kOpening));
  // The typographic apostrophe is three bytes of UTF-8.
  RE2::GlobalReplace(&opening, "\xe2\x80\x99", "'");
  return RE2::PartialMatch(opening, *kPattern);
}

bool IsDeclaredRefusal(const Completion& completion) {
  return completion.finish_reason == FinishReason::kContentFilter || !completion.refusal.empty();
}

Grade GradeOf(const Completion& completion, const CallsVerdict& calls) {
  const bool has_text = !IsBlank(completion.text);
  const bool has_calls = !calls.may_go_out.empty();
  if (IsDeclaredRefusal(completion)) return Grade::kRefused;
  if (completion.finish_reason == FinishReason::kLength) {
    return completion.text.empty() && !has_calls ? Grade::kFailed : Grade::kCut;
  }
  if (!has_text && !has_calls) return Grade::kFailed;
  if (calls.fault != CallsFault::kNone) return Grade::kContractBroken;
  if (has_calls) return Grade::kUsable;
  return LooksLikeRefusal(completion.text) ? Grade::kRefused : Grade::kUsable;
}

Candidate MakeCandidate(const Candidate& under_way, Collected collected, ToolRules& rules) {
  Candidate candidate;
  candidate.model = under_way.model;
  candidate.number = under_way.number;
  candidate.latency = collected.latency;
  candidate.time_to_first_token = collected.time_to_first_token;
  candidate.completion = std::move(collected.completion);
  candidate.error = std::move(collected.status);
  if (!candidate.error.ok()) {
    candidate.state = IsRefusal(candidate.error)   ? CandidateState::kSkipped
                      : IsTimeout(candidate.error) ? CandidateState::kTimedOut
                                                   : CandidateState::kFailed;
    return candidate;
  }
  candidate.state = CandidateState::kSucceeded;
  const CallsVerdict calls = rules.Judge(candidate.completion.tool_calls);
  if (calls.fault != CallsFault::kNone) {
    candidate.verdict.Break(calls.may_go_out.empty() ? 0 : kMayGoOut, calls.why);
  }
  candidate.grade = GradeOf(candidate.completion, calls);
  if (candidate.grade == Grade::kFailed) {
    candidate.state = CandidateState::kFailed;
    candidate.error = NothingToGive(candidate);
  }
  return candidate;
}

void HoldToContract(const Contract& contract, Candidate& candidate) {
  const bool only_reads_refused =
      candidate.grade == Grade::kRefused && !IsDeclaredRefusal(candidate.completion);
  if (!candidate.usable() && !only_reads_refused) return;
  if (!candidate.completion.tool_calls.empty()) return;
  Verdict verdict = Check(contract, candidate.completion);
  if (only_reads_refused && !ShowsForm(contract, verdict)) return;
  candidate.verdict = std::move(verdict);
  candidate.grade = candidate.verdict.usable ? Grade::kUsable : Grade::kContractBroken;
}

void PutWordsLast(std::vector<Candidate>& candidates) {
  std::vector<Verdict*> verdicts;
  for (Candidate& candidate : candidates) {
    const bool is_whole = candidate.usable() || candidate.grade == Grade::kContractBroken;
    if (is_whole) verdicts.push_back(&candidate.verdict);
  }
  PutWordsLast(verdicts);
  for (Candidate& candidate : candidates) {
    if (candidate.usable() && !candidate.verdict.usable) candidate.grade = Grade::kContractBroken;
  }
}

const Candidate* FindAnchor(std::span<const Candidate> candidates) {
  const Candidate* best = nullptr;
  for (const Candidate& candidate : candidates) {
    if (!candidate.has_answer()) continue;
    const bool is_better =
        best == nullptr || candidate.grade < best->grade ||
        (candidate.grade == best->grade && candidate.verdict.score > best->verdict.score);
    if (is_better) best = &candidate;
  }
  return best;
}

bool IsAnchorDecided(const std::vector<Candidate>& candidates) {
  const Candidate* anchor = FindAnchor(candidates);
  if (anchor == nullptr || !anchor->usable()) return false;
  return std::none_of(candidates.begin(), candidates.end(), [&](const Candidate& candidate) {
    // It could come to the best score that there is; of equals, the first one wins.
    return candidate.state == CandidateState::kCancelled &&
           (&candidate < anchor || anchor->verdict.score < 1);
  });
}

Candidate CandidateUnderWay(std::string model) {
  Candidate candidate;
  candidate.model = std::move(model);
  candidate.state = CandidateState::kCancelled;
  candidate.error = MakeError(StatusCode::kCancelled, "stopped before its end", ErrorInfo());
  return candidate;
}

Candidate SkippedCandidate(std::string model, Status why) {
  Candidate candidate;
  candidate.model = std::move(model);
  candidate.state = CandidateState::kSkipped;
  candidate.error = std::move(why);
  return candidate;
}

const char* NameOf(Grade grade) {
  switch (grade) {
    case Grade::kUsable:
      return "usable";
    case Grade::kContractBroken:
      return "contract_broken";
    case Grade::kCut:
      return "cut";
    case Grade::kRefused:
      return "refused";
    case Grade::kFailed:
      return "failed";
  }
  return "failed";
}

const char* NameOf(CandidateState state) {
  switch (state) {
    case CandidateState::kSucceeded:
      return "succeeded";
    case CandidateState::kFailed:
      return "failed";
    case CandidateState::kTimedOut:
      return "timed_out";
    case CandidateState::kCancelled:
      return "cancelled";
    case CandidateState::kSkipped:
      return "skipped";
  }
  return "failed";
}

}  // namespace mom
