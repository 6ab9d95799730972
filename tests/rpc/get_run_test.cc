// GetRun over the wire: found, not found, without content.
#include <gmock/gmock.h>

#include "service/trace/recorder.h"
#include "tests/rpc/rpc_fixture.h"
#include "tests/testing/temporary_folder.h"

namespace mom::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kCanary[] = "canary-7f3a";

class GetRunTest : public RpcTest {
 protected:
  grpc::Status GetRun(const std::string& id, v1::Run& run) {
    grpc::ClientContext context;
    v1::GetRunRequest request;
    request.set_request_id(id);
    v1::GetRunResponse response;
    const grpc::Status status = stub_->GetRun(&context, request, &response);
    run = response.run();
    return status;
  }

  v1::SynthesizeResponse Synthesize(v1::SynthesizeRequest request, const std::string& request_id) {
    grpc::ClientContext context;
    request.set_request_id(request_id);
    v1::SynthesizeResponse response;
    stub_->Synthesize(&context, request, &response);
    return response;
  }
};

TEST_F(GetRunTest, TellsOfARunAsSoonAsItIsOver) {
  fake("a").Always(FakeAnswer().Text("one").Finish());
  fake("b").Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamOverloaded));
  Start();
  const v1::SynthesizeResponse answer = Synthesize(AskMixture(), "mine");
  v1::Run run;
  for (const std::string& id : {std::string("mine"), answer.id(), std::string()}) {
    const grpc::Status status = GetRun(id, run);
    ASSERT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(run.request_id(), "mine");
    EXPECT_EQ(run.id(), answer.id());
  }
  EXPECT_EQ(run.strategy(), answer.strategy());
  EXPECT_EQ(run.strategy_reason(), answer.strategy_reason());
  EXPECT_EQ(run.answered_by(), "a");
  EXPECT_EQ(run.config_generation(), 7u);
  EXPECT_EQ(run.usage().SerializeAsString(), answer.usage().SerializeAsString());
  EXPECT_EQ(run.stages(0).name(), "strategy");
  ASSERT_EQ(run.candidates_size(), 2);
  EXPECT_EQ(run.candidates(1).state(), v1::CANDIDATE_STATE_FAILED);
  EXPECT_FALSE(run.has_error());
}

TEST_F(GetRunTest, AFailedRunHasItsError) {
  fake("a").Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamOverloaded));
  fake("b").Always(FakeAnswer().Fail(StatusCode::kUnavailable, reason::kUpstreamDns));
  Start();
  Synthesize(AskMixture(), "lost");
  v1::Run run;
  ASSERT_TRUE(GetRun("lost", run).ok());
  EXPECT_EQ(run.error().code(), static_cast<int>(StatusCode::kUnavailable));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(run.error().details(0).UnpackTo(&info));
  EXPECT_EQ(info.reason(), reason::kAllMembersFailed);
  EXPECT_EQ(run.answered_by(), "");
}

TEST_F(GetRunTest, NothingOfTheConversationIsInIt) {
  const std::string canary = kCanary;
  FakeAnswer answer;
  answer.Reasoning(canary).Text(canary).Call(0, canary, "clock", "{\"zone\":\"" + canary + "\"}");
  fake("a").Always(answer.Finish(FinishReason::kToolCalls));
  fake("b").Always(FakeAnswer().Refusal(canary).Finish());
  Start();
  v1::SynthesizeRequest request = AskMixture();
  *request.mutable_input() = Ask(canary);
  v1::Message& system = *request.mutable_input()->add_messages();
  system.set_role(v1::ROLE_SYSTEM);
  system.add_content()->set_text(canary);
  v1::Tool::Function& tool = *request.mutable_input()->add_tools()->mutable_function();
  tool.set_name("clock");
  tool.set_description(canary);
  request.mutable_input()->mutable_params()->set_user(canary);
  (*request.mutable_labels())["label"] = canary;
  const v1::SynthesizeResponse response = Synthesize(request, "quiet");
  ASSERT_THAT(response.SerializeAsString(), HasSubstr(canary));
  v1::Run run;
  ASSERT_TRUE(GetRun("quiet", run).ok());
  EXPECT_EQ(run.candidates_size(), 2);
  EXPECT_THAT(run.SerializeAsString(), Not(HasSubstr(canary)));
}

TEST_F(GetRunTest, WhereThereIsNoneTheErrorTellsWhereItLooked) {
  Start();
  v1::Run run;
  const grpc::Status status = GetRun("nobody", run);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(ReasonOf(status), reason::kRunNotFound);
  EXPECT_THAT(status.error_message(), HasSubstr("`nobody`"));
  EXPECT_THAT(status.error_message(), HasSubstr("the last 3 since its start"));
  EXPECT_THAT(status.error_message(), HasSubstr("--debug-requests"));
  EXPECT_EQ(GetRun("", run).error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(GetRunTest, WhatIsForgottenIsReadFromItsTraceWithoutContent) {
  const TemporaryFolder folder;
  TraceConfig config;
  config.debug_requests = folder / "traces";
  auto recorder = Recorder::Open(config);
  ASSERT_TRUE(recorder.ok());
  observers_.push_back(recorder->get());
  runs_.emplace(history_, config.debug_requests);
  fake("a").Always(FakeAnswer().Text(kCanary).Finish());
  fake("b").Always(FakeAnswer().Text(kCanary).Finish());
  fake("critic").Always(FakeAnswer().Text(kCanary).Finish());
  Start();
  std::vector<std::string> answers;
  for (int i = 0; i < 5; ++i) {
    answers.push_back(Synthesize(AskMixture(), "r" + std::to_string(i)).id());
  }
  recorder->reset();  // all is written
  v1::Run run;
  ASSERT_TRUE(GetRun(answers[1], run).ok()) << "by its answer's id";
  EXPECT_EQ(run.request_id(), "r1");
  const grpc::Status status = GetRun("r0", run);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(run.request_id(), "r0");
  EXPECT_EQ(run.answered_by(), "critic");
  EXPECT_EQ(run.attempts_size(), 3);
  EXPECT_THAT(run.SerializeAsString(), Not(HasSubstr(kCanary)));
  EXPECT_THAT(GetRun("nobody", run).error_message(), HasSubstr("no trace of it is in"));
}

}  // namespace
}  // namespace mom::testing
