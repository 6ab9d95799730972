// What comes back of a question: unary and streamed, with its ids and numbers.
#include <gmock/gmock.h>

#include "tests/rpc/rpc_fixture.h"

namespace mom::testing {
namespace {

using AnswerTest = RpcTest;

void ScriptTwoMembersAndCritic(FakeModelClient& a, FakeModelClient& b, FakeModelClient& critic) {
  a.Always(FakeAnswer().Text("It is ").Text("noon.").Finish());
  b.Always(FakeAnswer().Text("Twelve.").Finish());
  critic.Always(FakeAnswer().Text("It is twelve ").Text("o'clock: ").Text("noon.").Finish());
}

// What two runs of the same script cannot share.
void ForgetTimes(v1::SynthesizeResponse& response) {
  response.clear_id();
  response.clear_create_time();
  for (v1::Candidate& candidate : *response.mutable_candidates()) {
    candidate.clear_latency();
    candidate.clear_time_to_first_token();
  }
}

TEST_F(AnswerTest, UnaryIsTheFoldedStream) {
  ScriptTwoMembersAndCritic(fake("a"), fake("b"), fake("critic"));
  Start();
  v1::SynthesizeRequest request = AskMixture();
  request.set_include_candidates(true);
  request.set_request_id("the-same");
  grpc::ClientContext unary_context;
  v1::SynthesizeResponse unary;
  const grpc::Status status = stub_->Synthesize(&unary_context, request, &unary);
  ASSERT_TRUE(status.ok()) << status.error_message();

  grpc::ClientContext context;
  v1::SynthesizeStreamRequest stream_request;
  *stream_request.mutable_request() = request;
  auto reader = stub_->SynthesizeStream(&context, stream_request);
  v1::SynthesizeStreamResponse event;
  std::uint64_t sequence = 0;
  std::string text;
  v1::SynthesizeResponse completed;
  while (reader->Read(&event)) {
    ASSERT_FALSE(completed.has_message()) << "nothing may follow `completed`";
    EXPECT_EQ(event.sequence(), ++sequence);
    EXPECT_EQ(event.has_started(), sequence == 1);
    if (event.has_delta()) text += event.delta().text();
    if (event.has_completed()) completed = event.completed();
    EXPECT_TRUE(event.has_started() || event.has_delta() || event.has_completed())
        << "not asked for: " << event.DebugString();
  }
  ASSERT_TRUE(reader->Finish().ok());
  ASSERT_EQ(completed.message().content_size(), 1);
  EXPECT_EQ(text, completed.message().content(0).text());
  EXPECT_EQ(text, "It is twelve o'clock: noon.");
  EXPECT_EQ(completed.finish_reason(), v1::FINISH_REASON_STOP);
  EXPECT_EQ(completed.answered_by(), "critic");
  ASSERT_EQ(completed.candidates_size(), 2);
  EXPECT_EQ(completed.candidates(0).message().content(0).text(), "It is noon.");
  EXPECT_EQ(completed.candidates(0).grade(), v1::CANDIDATE_GRADE_USABLE);
  EXPECT_EQ(completed.usage().total_tokens(), 3 * 15);

  ForgetTimes(unary);
  ForgetTimes(completed);
  EXPECT_EQ(unary.SerializeAsString(), completed.SerializeAsString()) << unary.DebugString() << "\n"
                                                                      << completed.DebugString();
}

TEST_F(AnswerTest, ProgressAndCandidateDeltasComeOnlyWhenAskedFor) {
  ScriptTwoMembersAndCritic(fake("a"), fake("b"), fake("critic"));
  Start();
  grpc::ClientContext context;
  v1::SynthesizeStreamRequest request;
  *request.mutable_request() = AskMixture();
  request.set_include_candidate_deltas(true);
  request.set_include_progress(true);
  auto reader = stub_->SynthesizeStream(&context, request);
  v1::SynthesizeStreamResponse event;
  std::map<std::string, std::string> texts;
  std::vector<std::string> finished;
  int stages = 0;
  std::uint64_t sequence = 0;
  while (reader->Read(&event)) {
    EXPECT_EQ(event.sequence(), ++sequence);
    if (event.has_candidate_delta()) {
      texts[event.candidate_delta().model()] += event.candidate_delta().delta().text();
    }
    if (event.has_candidate_finished()) finished.push_back(event.candidate_finished().model());
    if (event.has_stage()) ++stages;
    EXPECT_EQ(event.completed().candidates_size(), 0);
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_EQ(texts["a"], "It is noon.");
  EXPECT_EQ(texts["b"], "Twelve.");
  EXPECT_EQ(finished.size(), 2u);
  EXPECT_GT(stages, 0);
}

TEST_F(AnswerTest, ModelQueryUnaryIsTheFoldedStream) {
  FakeAnswer answer;
  answer.Reasoning("hm")
      .Text("See ")
      .Call(0, "call-1", "clock", "{\"zone\":")
      .Call(0, "", "", "\"UTC\"}");
  fake("a").Always(answer.Finish(FinishReason::kToolCalls));
  Start();
  v1::ModelQueryRequest request = AskModel("a");
  request.mutable_input()->add_tools()->mutable_function()->set_name("clock");
  request.set_request_id("the-same");
  grpc::ClientContext unary_context;
  v1::ModelQueryResponse unary;
  const grpc::Status status = stub_->ModelQuery(&unary_context, request, &unary);
  ASSERT_TRUE(status.ok()) << status.error_message();
  ASSERT_EQ(unary.message().tool_calls_size(), 1);
  EXPECT_EQ(unary.message().tool_calls(0).function().arguments_json(), "{\"zone\":\"UTC\"}");
  EXPECT_EQ(unary.message().reasoning_content(), "hm");
  EXPECT_EQ(unary.finish_reason(), v1::FINISH_REASON_TOOL_CALLS);
  EXPECT_EQ(unary.attempts(), 1);

  grpc::ClientContext context;
  v1::ModelQueryStreamRequest stream_request;
  *stream_request.mutable_request() = request;
  auto reader = stub_->ModelQueryStream(&context, stream_request);
  v1::ModelQueryStreamResponse event;
  std::uint64_t sequence = 0;
  std::string arguments;
  while (reader->Read(&event)) {
    EXPECT_EQ(event.sequence(), ++sequence);
    for (const auto& call : event.delta().tool_calls()) arguments += call.arguments_json();
  }
  ASSERT_TRUE(reader->Finish().ok());
  EXPECT_EQ(arguments, "{\"zone\":\"UTC\"}");
  v1::ModelQueryResponse completed = event.completed();
  for (v1::ModelQueryResponse* response : {&unary, &completed}) {
    response->clear_id();
    response->clear_create_time();
    response->clear_time_to_first_token();
  }
  EXPECT_EQ(unary.SerializeAsString(), completed.SerializeAsString());
}

TEST_F(AnswerTest, RequestIdGoesThereAndBack) {
  fake("a").Always(FakeAnswer().Text("x").Finish());
  Start();
  struct Case {
    std::string metadata, message, want;  // want empty: a new one
  };
  for (const Case& c : {Case{"from-metadata", "from-message", "from-metadata"},
                        Case{"", "from-message", "from-message"},
                        Case{"not valid!", "from-message", "from-message"},
                        Case{"not valid!", "nor/this", ""}, Case{"", "", ""}}) {
    grpc::ClientContext context;
    if (!c.metadata.empty()) context.AddMetadata("x-request-id", c.metadata);
    context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    v1::ModelQueryRequest request = AskModel("a");
    request.set_request_id(c.message);
    v1::ModelQueryResponse response;
    ASSERT_TRUE(stub_->ModelQuery(&context, request, &response).ok());
    const auto found = context.GetServerInitialMetadata().find("x-request-id");
    ASSERT_NE(found, context.GetServerInitialMetadata().end());
    const std::string id(found->second.data(), found->second.size());
    EXPECT_EQ(id, response.request_id());
    if (c.want.empty()) {
      EXPECT_EQ(id.substr(0, 4), "req-");
    } else {
      EXPECT_EQ(id, c.want);
    }
  }
}

TEST_F(AnswerTest, TheContractsNameIsKnownOrRefused) {
  fake("a").Always(FakeAnswer().Text("x").Finish());
  Start();
  const auto ask = [this](const char* contract) {
    grpc::ClientContext context;
    context.AddMetadata("x-mom-contract", contract);
    v1::ModelQueryResponse response;
    return stub_->ModelQuery(&context, AskModel("a"), &response);
  };
  EXPECT_TRUE(ask("closed-yes-no").ok());
  EXPECT_TRUE(ask("auto").ok());
  const grpc::Status refused = ask("diffs");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(refused.error_message(),
              ::testing::HasSubstr("x-mom-contract` must be one of auto, none, diff, "));
}

TEST_F(AnswerTest, OneLogLineForEachRequestAndNeverContent) {
  fake("a").Always(FakeAnswer().Text("a secret answer").Finish());
  Start();
  SetLogLevel(LogLevel::kInfo);
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 2; ++i) {
    grpc::ClientContext context;
    v1::ModelQueryRequest request = AskModel(i == 0 ? "a" : "");
    request.set_request_id("logged-" + std::to_string(i));
    v1::ModelQueryResponse response;
    stub_->ModelQuery(&context, request, &response);
  }
  server_->Stop();
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, ::testing::HasSubstr("\"request_id\":\"logged-0\""));
  EXPECT_THAT(log, ::testing::HasSubstr("\"request_id\":\"logged-1\""));
  EXPECT_THAT(log, ::testing::HasSubstr("\"code\":\"INVALID_ARGUMENT\""));
  EXPECT_THAT(log, ::testing::HasSubstr("\"config_generation\":7"));
  EXPECT_THAT(log, ::testing::HasSubstr("\"cost_nanos_usd\":null")) << "no price is given";
  EXPECT_THAT(log, ::testing::Not(::testing::HasSubstr("secret")));
  EXPECT_THAT(log, ::testing::Not(::testing::HasSubstr("What is the time")));
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = log.find("\"event\":\"request\"", at)) != std::string::npos;
       ++at) {
    ++lines;
  }
  EXPECT_EQ(lines, 2u) << log;
}

TEST_F(AnswerTest, TheLogLineOfACancelledRunNamesItsMembers) {
  fake("a").Then(FakeAnswer().Text("Noon.").Finish());
  fake("b").Then(FakeAnswer().Text("It ").Hang());
  Start();
  SetLogLevel(LogLevel::kInfo);
  ::testing::internal::CaptureStderr();
  grpc::ClientContext context;
  v1::SynthesizeStreamRequest request = Streamed(AskMixture());
  request.set_include_progress(true);
  auto reader = stub_->SynthesizeStream(&context, request);
  v1::SynthesizeStreamResponse event;
  do {
    ASSERT_TRUE(reader->Read(&event));
  } while (!event.has_candidate_finished());
  WaitUntil([&] { return fake("b").open_calls() == 1; });
  context.TryCancel();
  reader->Finish();
  WaitUntil([&] { return fake("b").call(0).cancelled; });
  server_->Stop();
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, ::testing::HasSubstr("\"members\":\"a:usable b:cancelled\""));
  EXPECT_THAT(log, ::testing::HasSubstr("\"code\":\"CANCELLED\""));
}

TEST_F(AnswerTest, ListModelsGivesMixturesFirstAndPages) {
  Start();
  grpc::ClientContext context;
  v1::ListModelsResponse all;
  ASSERT_TRUE(stub_->ListModels(&context, v1::ListModelsRequest(), &all).ok());
  ASSERT_EQ(all.models_size(), 4);
  EXPECT_EQ(all.models(0).name(), "mom");
  EXPECT_EQ(all.models(0).kind(), v1::MODEL_KIND_MIXTURE);
  EXPECT_EQ(all.models(0).critic(), "critic");
  EXPECT_EQ(all.models(0).context_window(), 200'000'000);
  EXPECT_EQ(all.models(1).upstream_id(), "upstream-a");
  EXPECT_EQ(all.next_page_token(), "");

  std::vector<std::string> names;
  v1::ListModelsRequest request;
  request.set_page_size(3);
  v1::ListModelsResponse page;
  do {
    grpc::ClientContext page_context;
    ASSERT_TRUE(stub_->ListModels(&page_context, request, &page).ok());
    for (const auto& model : page.models()) names.push_back(model.name());
    request.set_page_token(page.next_page_token());
  } while (!page.next_page_token().empty());
  EXPECT_THAT(names, ::testing::ElementsAre("mom", "a", "b", "critic"));

  for (const char* token : {"5", "-1", "x", "1x"}) {
    grpc::ClientContext bad_context;
    request.set_page_token(token);
    const grpc::Status status = stub_->ListModels(&bad_context, request, &page);
    EXPECT_EQ(status.error_code(), grpc::INVALID_ARGUMENT) << token;
    EXPECT_EQ(FieldOf(status), "page_token");
  }
}

}  // namespace
}  // namespace mom::testing
