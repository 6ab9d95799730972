#include "service/engine/explain.h"

#include <algorithm>
#include <cstdio>

namespace mom {
namespace {

// What is known of a grade without a look at the text.
const char* UsualReason(Grade grade) {
  switch (grade) {
    case Grade::kCut:
      return "the limit of tokens was reached";
    case Grade::kRefused:
      return "the model or its provider refused";
    case Grade::kUsable:
    case Grade::kContractBroken:
    case Grade::kFailed:
      break;
  }
  return "";
}

// "0.8", "1".
std::string FormatScore(double score) {
  char text[16];
  std::snprintf(text, sizeof text, "%.3g", score);
  return text;
}

bool IsAnswer(const Candidate& candidate, std::string_view answered_by, const Completion& answer) {
  const Completion& has = candidate.completion;
  if (!candidate.has_answer() || candidate.model != answered_by) return false;
  if (has.text != answer.text || has.refusal != answer.refusal) return false;
  // Of its calls, those that may not go out are not in the answer.
  const bool has_all =
      std::all_of(answer.tool_calls.begin(), answer.tool_calls.end(), [&](const ToolCall& made) {
        return std::any_of(has.tool_calls.begin(), has.tool_calls.end(), [&](const ToolCall& call) {
          return call.name == made.name && call.arguments_json == made.arguments_json;
        });
      });
  return has_all && has.tool_calls.empty() == answer.tool_calls.empty();
}

std::string WhyChosen(const Candidate& chosen) {
  if (!chosen.usable()) return "chosen, as none is usable: " + Describe(chosen);
  const std::string& why = chosen.verdict.why;
  return why.empty() ? "chosen" : "chosen: score " + FormatScore(chosen.verdict.score) + ", " + why;
}

std::string WhyLost(const Candidate& candidate, const Candidate* chosen,
                    std::string_view answered_by) {
  if (!candidate.error.ok()) return MessageOf(candidate.error);
  if (!candidate.usable()) return Describe(candidate);
  if (answered_by.empty()) return "usable, but the run failed";
  if (chosen == nullptr) return "usable; " + std::string(answered_by) + " wrote from all that are";
  const Verdict& verdict = candidate.verdict;
  const bool is_as_good = verdict.score >= chosen->verdict.score;
  return (is_as_good ? "usable, too"
                     : "usable, score " + FormatScore(verdict.score) + ", " + verdict.why) +
         "; " + chosen->model + " was chosen";
}

}  // namespace

std::string Describe(const Candidate& candidate) {
  const std::string& rule = candidate.verdict.why;
  const std::string reason = rule.empty() ? UsualReason(candidate.grade) : rule;
  return NameOf(candidate.grade) + (reason.empty() ? "" : ": " + reason);
}

std::string DescribeWithForm(const Candidate& candidate, ContractKind form) {
  std::string text = Describe(candidate) + " (form: " + std::string(NameOf(form));
  const std::vector<std::string>& unchecked = candidate.verdict.unchecked;
  for (const std::string& what : unchecked) {
    text += (&what == &unchecked.front() ? ", not checked: " : ", ") + what;
  }
  return text + ")";
}

void Explain(std::string_view answered_by, const Completion& answer,
             std::vector<Candidate>& candidates) {
  const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const Candidate& c) {
    return IsAnswer(c, answered_by, answer);
  });
  const Candidate* const chosen = found == candidates.end() ? nullptr : &*found;
  for (Candidate& candidate : candidates) {
    if (!candidate.why.empty()) continue;
    candidate.why =
        &candidate == chosen ? WhyChosen(candidate) : WhyLost(candidate, chosen, answered_by);
  }
}

}  // namespace mom
