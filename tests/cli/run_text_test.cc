// How the record of a run reads.
#include "clients/cli/run_text.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

namespace mom::cli::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kRun[] = R"(
  request_id: "req-7" id: "chatcmpl-1" create_time { seconds: 1795424845 }
  latency { seconds: 3 nanos: 140000000 } model: "mom" streamed: true
  strategy: "select" strategy_reason: "configured" contract: "diff" answered_by: "steady"
  candidates {
    model: "swift" state: CANDIDATE_STATE_SUCCEEDED grade: CANDIDATE_GRADE_CONTRACT_BROKEN
    usage { prompt_tokens: 1200 completion_tokens: 164 total_tokens: 1364 cost_nanos_usd: 2840000 }
    latency { seconds: 1 nanos: 100000000 } time_to_first_token { nanos: 300000000 } attempts: 1
    why: "contract_broken: block 2 (a.py): no such lines" }
  candidates {
    model: "broken" state: CANDIDATE_STATE_SKIPPED usage {}
    error { code: 9 message: "no" details {
      [type.googleapis.com/google.rpc.ErrorInfo] { reason: "TARGET_OPEN" } } } }
  attempts {
    number: 1 try_number: 1 role: "member" model: "swift" provider: "acme" at { nanos: 4000000 }
    latency { nanos: 20000000 } http_status: 503 usage {}
    error { code: 14 message: "too busy" details {
      [type.googleapis.com/google.rpc.ErrorInfo] { reason: "UPSTREAM_OVERLOADED" } } } }
  attempts {
    number: 2 try_number: 2 role: "member" model: "swift" provider: "acme" at { nanos: 500000000 }
    latency { seconds: 1 nanos: 100000000 } time_to_first_token { nanos: 300000000 }
    http_status: 200 finish_reason: FINISH_REASON_TOOL_CALLS
    usage { prompt_tokens: 1200 completion_tokens: 164 total_tokens: 1364
            cost_nanos_usd: 2840000 } }
  attempts {
    number: 3 try_number: 1 role: "critic" model: "judge" provider: "acme" at { seconds: 2 }
    latency { seconds: 1 } error { code: 1 message: "cancelled" }
    usage { prompt_tokens: 9 completion_tokens: 1 total_tokens: 10 estimated: true } }
  usage { prompt_tokens: 1209 completion_tokens: 165 total_tokens: 1374 estimated: true }
  degraded_reasons: "member broken skipped: TARGET_OPEN" notes: "nothing else")";

v1::Run Sample() {
  v1::Run run;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(kRun, &run));
  return run;
}

TEST(FormatRun, TellsWhoWonAndWhyTheOthersLost) {
  EXPECT_EQ(
      FormatRun(Sample(), false),
      "req-7  2026-11-23 09:07:25 UTC  degraded\n"
      "mom, steady answered after 3.14 s, streamed\n"
      "strategy select: configured; form: diff\n"
      "3 calls, ~1,209 -> 165 tokens, cost at least $0.00284\n"
      "degraded: member broken skipped: TARGET_OPEN\n"
      "note: nothing else\n"
      "\n"
      "CANDIDATE  STATE          FIRST   TIME    TOKENS        COST      WHY\n"
      "swift      form not kept  0.30 s  1.10 s  1,200 -> 164  $0.00284  contract_broken: block 2 "
      "(a.py): no such lines\n"
      "broken     skipped        -       -       -             -         TARGET_OPEN\n"
      "\n"
      "CALL          FOR     PROVIDER  AT      FIRST   TIME    TOKENS        COST      OUTCOME\n"
      "swift         member  acme      0.00 s  -       0.02 s  -             -         503 "
      "UPSTREAM_OVERLOADED: too busy\n"
      "swift, try 2  member  acme      0.50 s  0.30 s  1.10 s  1,200 -> 164  $0.00284  "
      "tool_calls\n"
      "judge         critic  acme      2.00 s  -       1.00 s  ~9 -> 1       -         "
      "cancelled\n");
}

TEST(FormatRun, SeveralCandidatesOfOneModelAreNumbered) {
  v1::Run run = Sample();
  EXPECT_THAT(FormatRun(run, false), Not(HasSubstr("#")));
  run.mutable_candidates(1)->set_model("swift");
  for (int i = 0; i < 2; ++i) run.mutable_candidates(i)->set_number(i + 1);
  EXPECT_THAT(FormatRun(run, false), HasSubstr("swift #1   form"));
  EXPECT_THAT(FormatRun(run, false), HasSubstr("swift #2   skipped"));
}

TEST(FormatRun, ARunThatNeverCameToAStrategy) {
  v1::Run run;
  run.set_request_id("req-8");
  run.set_model("mum");
  run.mutable_error()->set_code(5);
  run.mutable_error()->set_message("The model `mum` does not exist.");
  EXPECT_EQ(FormatRun(run, false),
            "req-8  1970-01-01 00:00:00 UTC  The model `mum` does not exist.\n"
            "mum, nobody answered after 0.00 s\n"
            "0 calls, no tokens, cost -\n"
            "failed: The model `mum` does not exist.\n");
}

TEST(FormatRun, NothingInItSteersTheTerminal) {
  v1::Run run = Sample();
  const std::string hostile = "\x1b]0;owned\x07\n\xc2\x9b";
  run.mutable_candidates(0)->set_why(hostile);
  run.mutable_candidates(1)->mutable_error()->clear_details();
  run.mutable_candidates(1)->mutable_error()->set_message(hostile);
  run.mutable_attempts(0)->set_model(hostile);
  run.set_degraded_reasons(0, hostile);
  run.set_notes(0, hostile);
  run.set_model(hostile);
  const std::string text = FormatRun(run, false);
  for (const char* steering : {"\x1b", "\x07", "\xc2\x9b"}) {
    EXPECT_THAT(text, Not(HasSubstr(steering)));
  }
  EXPECT_THAT(FormatRun(run, true), HasSubstr("\x1b[")) << "but for our own colours";
}

}  // namespace
}  // namespace mom::cli::testing
