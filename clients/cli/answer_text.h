// momd's messages in words.
#ifndef MOM_CLIENTS_CLI_ANSWER_TEXT_H_
#define MOM_CLIENTS_CLI_ANSWER_TEXT_H_

#include <chrono>
#include <string>
#include <vector>

#include "mom/v1/mom_service.pb.h"

namespace mom::cli {

// What a reader sees of an answer: its text, or its refusal.
std::string VisibleText(const v1::Message& message);
std::string VisibleText(const v1::Delta& delta);
// Why an answer is less than it should be, a line each; empty: it is not.
std::vector<std::string> NotesOn(const v1::SynthesizeResponse& answer);
// How a member fared, in a word or two: "usable", "timed out".
std::string OutcomeOf(const v1::Candidate& candidate);
// "stop", "tool_calls".
std::string FinishReasonName(v1::FinishReason reason);
// The reason of docs/errors.md that an error has, else its text.
std::string NameOf(const google::rpc::Status& error);
// The reason of docs/errors.md that a candidate failed for, else the error's own text; empty: it
// did not fail.
std::string FailureOf(const v1::Candidate& candidate);
// "120 -> 34" with the arrow given: tokens read and written; "~" before them where estimated.
std::string TokensOf(const v1::Usage& usage, const std::string& arrow);
// Empty where the price is not known.
std::string CostOf(const v1::Usage& usage);
std::chrono::nanoseconds ToTime(const google::protobuf::Duration& duration);

}  // namespace mom::cli

#endif  // MOM_CLIENTS_CLI_ANSWER_TEXT_H_
