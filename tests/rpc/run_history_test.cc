// Which runs are remembered, and what of them.
#include "service/rpc/run_history.h"

#include <gtest/gtest.h>

#include "google/rpc/error_details.pb.h"
#include "service/rpc/convert_run.h"
#include "service/trace/reader.h"
#include "tests/trace/recorder_fixture.h"

namespace mom::testing {
namespace {

class RunHistoryTest : public RecorderTest {
 protected:
  // A run of which nothing is known but its ids.
  std::shared_ptr<const RunRecord> Bare(const std::string& request_id, const std::string& id = "") {
    RunRequest request;
    request.request_id = request_id;
    auto record = std::make_shared<RunRecord>(std::move(request), false, context.get_executor());
    record->id = id;
    return record;
  }
};

TEST_F(RunHistoryTest, ItKeepsAsManyAsItMayAndTheOldestGoes) {
  constexpr int kMost = 10'000;
  RunHistory history(kMost);
  for (int i = 0; i <= kMost; ++i) history.Finished(Bare("r" + std::to_string(i)));
  EXPECT_FALSE(history.Find("r0"));
  for (const char* kept : {"r1", "r5000", "r10000"}) {
    ASSERT_TRUE(history.Find(kept)) << kept;
    EXPECT_EQ(history.Find(kept)->request_id(), kept);
  }
}

TEST_F(RunHistoryTest, TheOldestGoEarlyWhereAllTogetherAreTooLarge) {
  constexpr std::size_t kMaxBytes = 4096;
  RunHistory history(100, kMaxBytes);
  auto large = std::make_shared<RunRecord>(RunRequest(), false, context.get_executor());
  large->notes = {std::string(kMaxBytes / 2, 'x')};
  history.Finished(Bare("first"));
  history.Finished(large);
  EXPECT_TRUE(history.Find("first"));
  history.Finished(large);
  EXPECT_FALSE(history.Find("first"));
  large->notes = {std::string(kMaxBytes, 'x')};
  history.Finished(large);
  EXPECT_FALSE(history.Find("")) << "one that is larger alone is not kept";
}

TEST_F(RunHistoryTest, ARunIsFoundByItsIdsAndTheLastOneByNone) {
  RunHistory history(3);
  EXPECT_FALSE(history.Find(""));
  history.Finished(Bare("again", "chatcmpl-1"));
  history.Finished(Bare("again", "chatcmpl-2"));
  history.Finished(Bare("other", "chatcmpl-3"));
  EXPECT_EQ(history.Find("again")->id(), "chatcmpl-2") << "the last one of an id";
  EXPECT_EQ(history.Find("chatcmpl-1")->request_id(), "again");
  EXPECT_EQ(history.Find("")->id(), "chatcmpl-3");
  EXPECT_FALSE(history.Find("aga"));
}

TEST_F(RunHistoryTest, NoneIsKeptWhereItIsOff) {
  RunHistory history(0);
  history.Finished(Bare("r"));
  EXPECT_FALSE(history.Find("r"));
}

// A trace keeps of an error its code, reason and text.
void ForgetFacts(google::rpc::Status& error) {
  for (auto& detail : *error.mutable_details()) {
    google::rpc::ErrorInfo info;
    ASSERT_TRUE(detail.UnpackTo(&info));
    info.clear_metadata();
    detail.PackFrom(info);
  }
}

// What a trace has rounded or does not have.
void ForgetDetails(v1::Run& run) {
  run.clear_create_time();
  run.clear_latency();
  for (v1::Stage& stage : *run.mutable_stages()) stage.clear_at();
  for (v1::Candidate& candidate : *run.mutable_candidates()) {
    candidate.clear_latency();
    candidate.clear_time_to_first_token();
    if (candidate.has_error()) ForgetFacts(*candidate.mutable_error());
  }
  for (v1::Attempt& attempt : *run.mutable_attempts()) {
    attempt.clear_at();
    attempt.clear_latency();
    attempt.clear_time_to_first_token();
    if (attempt.has_error()) ForgetFacts(*attempt.mutable_error());
  }
}

TEST_F(RunHistoryTest, TheTraceOfARunTellsTheSame) {
  Model("a").Then(Says("draft"));
  Model("b").Then(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamOverloaded));
  Model("c").Then(FakeAnswer().Text("cut off").Finish(FinishReason::kLength));
  models["a"].tools = false;
  RunRequest request = Ask("the question");
  auto chat = std::make_shared<ChatRequest>(*request.chat);
  chat->tools.emplace_back().name = "clock";
  request.chat = std::move(chat);
  ASSERT_TRUE(Run(std::move(request)).ok());
  const RunRecord& record = *observer.records.back();
  v1::Run told = ToRun(record);
  EXPECT_EQ(told.request_id(), "req-test");
  EXPECT_EQ(told.model(), "mom");
  EXPECT_EQ(told.strategy_reason(), "the request has tools");
  EXPECT_EQ(told.answered_by(), "a");
  EXPECT_EQ(told.candidates_size(), 3);
  EXPECT_EQ(told.attempts_size(), 3);
  EXPECT_EQ(told.notes_size(), 1);
  EXPECT_GT(told.degraded_reasons_size(), 0);
  EXPECT_EQ(told.candidates(2).finish_reason(), v1::FINISH_REASON_LENGTH);
  EXPECT_EQ(told.usage().total_tokens(), record.answer->usage.total_tokens());

  const StatusOr<Trace> trace = ReadTrace(TraceDirectory().string(), Record());
  ASSERT_TRUE(trace.ok()) << trace.status();
  v1::Run read = ToRun(*trace);
  ForgetDetails(told);
  ForgetDetails(read);
  EXPECT_EQ(told.DebugString(), read.DebugString());
}

}  // namespace
}  // namespace mom::testing
