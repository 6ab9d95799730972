#include "service/engine/candidate.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "service/base/json_reader.h"
#include "service/base/reasons.h"
#include "service/model/target_state.h"

namespace mom {
namespace {

bool AreCallsAllowed(const std::vector<ToolCall>& calls, const ChatRequest& request) {
  if (calls.size() > 1 && request.params.parallel_tool_calls == false) return false;
  if (!request.tool_choice) return true;
  const ToolChoice& choice = *request.tool_choice;
  if (choice.mode == ToolChoice::Mode::kNone) return false;
  return choice.mode != ToolChoice::Mode::kFunction ||
         std::all_of(calls.begin(), calls.end(),
                     [&](const ToolCall& call) { return call.name == choice.value; });
}

// What is wrong with an answer that has nothing to give out.
Status NothingToGive(const Candidate& candidate) {
  std::string text = "model `" + candidate.model + "`: ";
  const bool is_cut = candidate.completion.finish_reason == FinishReason::kLength;
  if (!is_cut && !candidate.completion.tool_calls.empty()) {
    text +=
        "its answer is nothing but tool calls that cannot be made: each must name a tool of the "
        "request and have a JSON object as arguments; ask again, or ask another model";
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

bool DemandsCall(const ChatRequest& request) {
  return request.tool_choice && (request.tool_choice->mode == ToolChoice::Mode::kRequired ||
                                 request.tool_choice->mode == ToolChoice::Mode::kFunction);
}

bool LooksLikeRefusal(std::string_view text) {
  // A refusal is short and says so at once; a long text that begins so goes on to answer.
  constexpr std::size_t kLongest = 600;
  constexpr std::size_t kOpening = 120;
  if (text.size() > kLongest) return false;
  std::string opening;
  for (char c : text.substr(0, kOpening)) {
    opening.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
  }
  // The typographic apostrophe is three bytes of UTF-8.
  for (std::size_t at; (at = opening.find("\xe2\x80\x99")) != std::string::npos;) {
    opening.replace(at, 3, "'");
  }
  static constexpr std::array<std::string_view, 9> kPhrases = {
      "i can't help with",    "i can't assist with", "i cannot help with",
      "i cannot assist with", "i'm unable to help",  "i am unable to help",
      "i won't help with",    "i can't comply",      "i cannot comply"};
  return std::any_of(kPhrases.begin(), kPhrases.end(), [&](std::string_view phrase) {
    return opening.find(phrase) != std::string::npos;
  });
}

bool AreToolCallsWellFormed(const std::vector<ToolCall>& calls, const std::vector<Tool>& tools) {
  const auto declared = [&](const ToolCall& call) {
    return !call.name.empty() && std::any_of(tools.begin(), tools.end(), [&](const Tool& tool) {
      return tool.name == call.name;
    });
  };
  return !calls.empty() && std::all_of(calls.begin(), calls.end(), [&](const ToolCall& call) {
    return declared(call) && IsJsonObject(call.arguments_json);
  });
}

Grade GradeOf(const Completion& completion, const ChatRequest& request) {
  const bool has_text = !IsBlank(completion.text);
  if (completion.finish_reason == FinishReason::kContentFilter || !completion.refusal.empty()) {
    return Grade::kRefused;
  }
  if (completion.finish_reason == FinishReason::kLength) {
    const bool has_calls = AreToolCallsWellFormed(completion.tool_calls, request.tools);
    return completion.text.empty() && !has_calls ? Grade::kFailed : Grade::kCut;
  }
  if (!completion.tool_calls.empty()) {
    if (!AreToolCallsWellFormed(completion.tool_calls, request.tools)) {
      return has_text ? Grade::kContractBroken : Grade::kFailed;
    }
    return AreCallsAllowed(completion.tool_calls, request) ? Grade::kUsable
                                                           : Grade::kContractBroken;
  }
  if (!has_text) return Grade::kFailed;
  if (DemandsCall(request)) return Grade::kContractBroken;
  return LooksLikeRefusal(completion.text) ? Grade::kRefused : Grade::kUsable;
}

Candidate MakeCandidate(const Candidate& under_way, Collected collected,
                        const ChatRequest& request) {
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
  candidate.grade = GradeOf(candidate.completion, request);
  if (candidate.grade == Grade::kFailed) {
    candidate.state = CandidateState::kFailed;
    candidate.error = NothingToGive(candidate);
  }
  return candidate;
}

void HoldToContract(const Contract& contract, Candidate& candidate) {
  if (!candidate.usable() || !candidate.completion.tool_calls.empty()) return;
  candidate.verdict = Check(contract, candidate.completion);
  if (!candidate.verdict.usable) candidate.grade = Grade::kContractBroken;
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
