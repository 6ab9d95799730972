#include "clients/cli/answer_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mom::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(AnswerTextTest, TextAndRefusalAreVisibleAndThinkingIsNot) {
  v1::Message message;
  message.set_reasoning_content("hidden");
  message.add_content()->set_text("I ");
  message.add_content()->set_refusal("cannot");
  EXPECT_EQ(VisibleText(message), "I cannot");
  v1::Delta delta;
  delta.set_reasoning("hidden");
  EXPECT_EQ(VisibleText(delta), "");
  delta.set_refusal("no");
  EXPECT_EQ(VisibleText(delta), "no");
}

TEST(AnswerTextTest, NotesSayWhyAnAnswerIsLess) {
  v1::SynthesizeResponse answer;
  answer.set_finish_reason(v1::FINISH_REASON_STOP);
  EXPECT_THAT(NotesOn(answer), IsEmpty());
  answer.add_degraded_reasons("member beta failed: IDLE_TIMEOUT");
  answer.set_finish_reason(v1::FINISH_REASON_LENGTH);
  EXPECT_THAT(NotesOn(answer), ElementsAre("degraded: member beta failed: IDLE_TIMEOUT",
                                           "the answer is cut by the limit of tokens"));
  answer.clear_degraded_reasons();
  answer.add_notes("model beta was asked without the request's tools");
  answer.set_finish_reason(v1::FINISH_REASON_CONTENT_FILTER);
  EXPECT_THAT(NotesOn(answer), ElementsAre("model beta was asked without the request's tools",
                                           "the provider withheld content"));
}

TEST(AnswerTextTest, OutcomesAreWords) {
  v1::Candidate candidate;
  const auto outcome = [&](v1::CandidateState state, v1::CandidateGrade grade) {
    candidate.set_state(state);
    candidate.set_grade(grade);
    return OutcomeOf(candidate);
  };
  const v1::CandidateState ended = v1::CANDIDATE_STATE_SUCCEEDED;
  EXPECT_EQ(outcome(ended, v1::CANDIDATE_GRADE_USABLE), "usable");
  EXPECT_EQ(outcome(ended, v1::CANDIDATE_GRADE_CONTRACT_BROKEN), "form not kept");
  EXPECT_EQ(outcome(ended, v1::CANDIDATE_GRADE_CUT), "cut");
  EXPECT_EQ(outcome(ended, v1::CANDIDATE_GRADE_REFUSED), "refused");
  EXPECT_EQ(outcome(ended, v1::CANDIDATE_GRADE_FAILED), "empty");
  const v1::CandidateGrade none = v1::CANDIDATE_GRADE_UNSPECIFIED;
  EXPECT_EQ(outcome(v1::CANDIDATE_STATE_FAILED, v1::CANDIDATE_GRADE_FAILED), "failed");
  EXPECT_EQ(outcome(v1::CANDIDATE_STATE_TIMED_OUT, none), "timed out");
  EXPECT_EQ(outcome(v1::CANDIDATE_STATE_CANCELLED, none), "not needed");
  EXPECT_EQ(outcome(v1::CANDIDATE_STATE_SKIPPED, none), "skipped");
}

TEST(AnswerTextTest, AFailureWithoutAReasonIsItsText) {
  v1::Candidate candidate;
  EXPECT_EQ(FailureOf(candidate), "");
  candidate.mutable_error()->set_message("not needed any more");
  candidate.set_state(v1::CANDIDATE_STATE_CANCELLED);
  EXPECT_EQ(FailureOf(candidate), "");
  candidate.set_state(v1::CANDIDATE_STATE_FAILED);
  EXPECT_EQ(FailureOf(candidate), "not needed any more");
}

TEST(AnswerTextTest, UnknownAmountsAreEmpty) {
  v1::Usage usage;
  EXPECT_EQ(TokensOf(usage, "->"), "");
  EXPECT_EQ(CostOf(usage), "");
  usage.set_cost_nanos_usd(0);
  EXPECT_EQ(CostOf(usage), "$0.00");
}

}  // namespace
}  // namespace mom::cli
