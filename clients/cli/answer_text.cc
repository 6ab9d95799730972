#include "clients/cli/answer_text.h"

#include "clients/cli/quantity.h"
#include "google/rpc/error_details.pb.h"
#include "service/base/ascii.h"

namespace mom::cli {

std::string VisibleText(const v1::Message& message) {
  std::string out;
  for (const v1::ContentPart& part : message.content()) out += part.text() + part.refusal();
  return out;
}

std::string VisibleText(const v1::Delta& delta) { return delta.text() + delta.refusal(); }

std::vector<std::string> NotesOn(const v1::SynthesizeResponse& answer) {
  std::vector<std::string> out;
  for (const std::string& reason : answer.degraded_reasons()) out.push_back("degraded: " + reason);
  for (const std::string& note : answer.notes()) out.push_back(note);
  if (answer.finish_reason() == v1::FINISH_REASON_LENGTH) {
    out.emplace_back("the answer is cut by the limit of tokens");
  } else if (answer.finish_reason() == v1::FINISH_REASON_CONTENT_FILTER) {
    out.emplace_back("the provider withheld content");
  }
  return out;
}

std::string OutcomeOf(const v1::Candidate& candidate) {
  switch (candidate.state()) {
    case v1::CANDIDATE_STATE_FAILED:
      return "failed";
    case v1::CANDIDATE_STATE_TIMED_OUT:
      return "timed out";
    case v1::CANDIDATE_STATE_CANCELLED:
      return "not needed";
    case v1::CANDIDATE_STATE_SKIPPED:
      return "skipped";
    default:
      break;
  }
  switch (candidate.grade()) {
    case v1::CANDIDATE_GRADE_CONTRACT_BROKEN:
      return "form not kept";
    case v1::CANDIDATE_GRADE_CUT:
      return "cut";
    case v1::CANDIDATE_GRADE_REFUSED:
      return "refused";
    case v1::CANDIDATE_GRADE_FAILED:
      return "empty";
    default:
      return "usable";
  }
}

std::string FinishReasonName(v1::FinishReason reason) {
  return LowerCase(v1::FinishReason_Name(reason).substr(sizeof "FINISH_REASON_" - 1));
}

std::string NameOf(const google::rpc::Status& error) {
  for (const auto& detail : error.details()) {
    google::rpc::ErrorInfo info;
    if (detail.UnpackTo(&info)) return info.reason();
  }
  return error.message();
}

std::string FailureOf(const v1::Candidate& candidate) {
  if (candidate.state() == v1::CANDIDATE_STATE_CANCELLED) return {};
  return NameOf(candidate.error());
}

std::string TokensOf(const v1::Usage& usage, const std::string& arrow) {
  if (usage.total_tokens() == 0) return {};
  return (usage.estimated() ? "~" : "") + FormatCount(usage.prompt_tokens()) + " " + arrow + " " +
         FormatCount(usage.completion_tokens());
}

std::string CostOf(const v1::Usage& usage) {
  return usage.has_cost_nanos_usd() ? FormatCost(usage.cost_nanos_usd()) : std::string();
}

std::chrono::nanoseconds ToTime(const google::protobuf::Duration& duration) {
  return std::chrono::seconds(duration.seconds()) + std::chrono::nanoseconds(duration.nanos());
}

}  // namespace mom::cli
