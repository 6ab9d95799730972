// What the record of a run says of its candidates, however the run ended.
#include "service/base/reasons.h"
#include "tests/engine/engine_fixture.h"

namespace mom::testing {
namespace {

using std::chrono::milliseconds;

ChatDelta Costs(std::int64_t prompt, std::int64_t completion) {
  ChatDelta delta;
  delta.usage = Usage();
  delta.usage->prompt_tokens = prompt;
  delta.usage->completion_tokens = completion;
  return delta;
}

class RecordTest : public EngineTest {
 protected:
  // Starts a run, lets it go until it waits, and cancels it.
  const RunRecord& RunAndCancel(RunRequest request) {
    MakeEngine();
    asio::cancellation_signal cancel;
    asio::co_spawn(context, engine->Run(std::move(request), http, sink),
                   asio::bind_cancellation_slot(cancel.slot(), [](std::exception_ptr, Status) {}));
    context.poll();
    cancel.emit(asio::cancellation_type::terminal);
    context.restart();
    context.run();
    ExpectNothingOpen();
    return *observer.records.at(0);
  }
};

TEST_F(RecordTest, ACandidatesUsageIsTheSumOverItsAttempts) {
  const auto record = std::make_shared<RunRecord>(Ask("x"), false, context.get_executor());
  const auto add = [&](int candidate, CallRole role, milliseconds start, Usage usage,
                       std::optional<milliseconds> first_token) {
    Attempt attempt;
    attempt.model = "a";
    attempt.role = role;
    attempt.candidate = candidate;
    attempt.start_time = std::chrono::system_clock::time_point(start);
    attempt.number = record->Started(attempt);
    attempt.latency = milliseconds(20);
    attempt.time_to_first_token = first_token;
    attempt.usage = usage;
    record->Finished(attempt);
  };
  add(1, CallRole::kMember, milliseconds(100), *Costs(3, 0).usage, std::nullopt);
  add(2, CallRole::kMember, milliseconds(100), *Costs(50, 50).usage, milliseconds(1));
  add(1, CallRole::kMember, milliseconds(400), *Costs(3, 4).usage, milliseconds(5));
  add(0, CallRole::kCritic, milliseconds(900), *Costs(70, 70).usage, milliseconds(1));
  record->Add(CandidateUnderWay("a"));
  record->Add(CandidateUnderWay("a"));
  record->candidates[1].latency = milliseconds(7);
  record->AddUpCandidates();
  record->AddUpCandidates();  // it can be done again
  const Candidate& a = record->candidates[0];
  EXPECT_EQ(a.attempts, 2);
  EXPECT_EQ(a.usage.prompt_tokens, 6);
  EXPECT_EQ(a.usage.completion_tokens, 4);
  EXPECT_EQ(a.latency, milliseconds(320));
  EXPECT_EQ(a.time_to_first_token, milliseconds(305));
  EXPECT_EQ(record->candidates[1].latency, milliseconds(7)) << "it knew";
}

TEST_F(RecordTest, FailedAndCancelledCandidatesSayWhatTheyTook) {
  mixture.grace.min = mixture.grace.max = milliseconds(1);
  mixture.quorum = 1;
  Model("a").Then(FakeAnswer().Text("draft").Finish());
  Model("b").Then(FakeAnswer()
                      .Text("dr")
                      .Delta(Costs(7, 3))
                      .Fail(StatusCode::kUnavailable, reason::kUpstreamIncomplete));
  Model("c").Then(FakeAnswer().Text("dr").Delta(Costs(8, 2)).Hang());
  ASSERT_TRUE(Run(AskStreaming("question")).ok());
  const std::vector<Candidate>& candidates = sink.answer()->candidates;
  ASSERT_EQ(candidates.size(), 3u);
  EXPECT_EQ(candidates[0].usage.total_tokens(), 15);
  EXPECT_EQ(candidates[1].state, CandidateState::kFailed);
  EXPECT_EQ(candidates[1].usage.prompt_tokens, 7);
  EXPECT_EQ(candidates[1].attempts, 1);
  EXPECT_EQ(candidates[2].state, CandidateState::kCancelled);
  EXPECT_EQ(candidates[2].usage.prompt_tokens, 8);
  EXPECT_EQ(candidates[2].attempts, 1);
  for (const CandidateFinishedEvent& event : sink.All<CandidateFinishedEvent>()) {
    const bool is_whole = event.candidate.model == "a";
    EXPECT_EQ(event.candidate.usage.total_tokens(), is_whole ? 15 : 10) << event.candidate.model;
  }
}

TEST_F(RecordTest, ACancelledRunNamesItsMembersAndWhatTheyCameTo) {
  mixture.quorum = 3;
  Model("a").Then(Says("draft"));
  Model("b").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamError));
  Model("c").Then(FakeAnswer().Text("dr").Delta(Costs(8, 2)).Hang());
  const RunRecord& record = RunAndCancel(Ask("question"));
  EXPECT_EQ(record.status.code(), StatusCode::kCancelled);
  ASSERT_EQ(record.candidates.size(), 3u);
  EXPECT_EQ(record.candidates[0].grade, Grade::kUsable);
  EXPECT_EQ(record.candidates[1].state, CandidateState::kFailed);
  const Candidate& straggler = record.candidates[2];
  EXPECT_EQ(straggler.state, CandidateState::kCancelled);
  EXPECT_EQ(straggler.usage.total_tokens(), 10);
  EXPECT_EQ(straggler.attempts, 1);
  EXPECT_EQ(straggler.latency, milliseconds(1)) << "as its attempt took";
}

TEST_F(RecordTest, ACancelledSingleRunNamesTheModelThatWasAsked) {
  Model("b").Then(FakeAnswer().Text("one ").Text("two ").Delta(Costs(5, 2)).Hang());
  RunRequest request = AskStreaming("question");
  request.model = "b";
  const RunRecord& record = RunAndCancel(std::move(request));
  ASSERT_EQ(record.candidates.size(), 1u);
  EXPECT_EQ(record.candidates[0].model, "b");
  EXPECT_EQ(record.candidates[0].state, CandidateState::kCancelled);
  EXPECT_EQ(record.candidates[0].usage.total_tokens(), 7);
}

}  // namespace
}  // namespace mom::testing
