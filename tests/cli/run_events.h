// The events of a run, as momd sends them.
#ifndef MOM_TESTS_CLI_RUN_EVENTS_H_
#define MOM_TESTS_CLI_RUN_EVENTS_H_

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "clients/cli/watch_state.h"

namespace mom::cli::testing {

// From protobuf's text form.
inline v1::SynthesizeStreamResponse Event(const std::string& text) {
  v1::SynthesizeStreamResponse event;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &event)) << text;
  return event;
}

inline WatchState::Time At(int milliseconds) {
  return WatchState::Time(std::chrono::seconds(1000) + std::chrono::milliseconds(milliseconds));
}

inline const std::string kStarted =
    R"(started { model: "mom" strategy: "synthesize" members: ["alpha", "beta", "gamma"]
                 request_id: "req-1" })";
inline const std::string kAlphaWrites =
    R"(candidate_delta { model: "alpha" number: 1 delta { text: "Paris it is." } })";
inline const std::string kGammaThinks =
    R"(candidate_delta { model: "gamma" number: 3 delta { reasoning: "Hmm. " } })";
inline const std::string kAlphaFinished =
    R"(candidate_finished {
         model: "alpha" number: 1 state: CANDIDATE_STATE_SUCCEEDED grade: CANDIDATE_GRADE_USABLE
         usage { prompt_tokens: 120 completion_tokens: 64 total_tokens: 184
                 cost_nanos_usd: 188000 }
         latency { seconds: 1 nanos: 900000000 } time_to_first_token { nanos: 410000000 } })";
inline const std::string kBetaFailed =
    R"(candidate_finished {
         model: "beta" number: 2 state: CANDIDATE_STATE_FAILED grade: CANDIDATE_GRADE_FAILED
         error { code: 9 message: "rejected" details {
           [type.googleapis.com/google.rpc.ErrorInfo] { reason: "UPSTREAM_AUTH" } } }
         usage {} latency { nanos: 20000000 } })";
inline const std::string kQuorum =
    R"(stage { name: "quorum" detail: "1 usable candidate, quorum 1" })";
inline const std::string kCritic = R"(stage { name: "critic" model: "judge" })";
inline const std::string kDelta = R"(delta { text: "It is Paris, on the Seine." })";
inline const std::string kCompleted =
    R"(completed {
         model: "mom" answered_by: "judge" request_id: "req-1" finish_reason: FINISH_REASON_STOP
         usage { prompt_tokens: 400 completion_tokens: 100 total_tokens: 500 estimated: true
                 cost_nanos_usd: 500000 }
         model_usages { model: "judge" usage {
           prompt_tokens: 250 completion_tokens: 30 total_tokens: 280 cost_nanos_usd: 290000 } }
         candidates { model: "gamma" number: 3 state: CANDIDATE_STATE_CANCELLED
           error { code: 1 message: "not needed any more" }
           usage { prompt_tokens: 30 completion_tokens: 6 total_tokens: 36 estimated: true }
           latency { seconds: 2 nanos: 500000000 } time_to_first_token { nanos: 900000000 } }
         degraded: true degraded_reasons: "member beta failed: UPSTREAM_AUTH" })";

}  // namespace mom::cli::testing

#endif  // MOM_TESTS_CLI_RUN_EVENTS_H_
