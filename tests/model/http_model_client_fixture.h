// What the tests of HttpModelClient share.
#ifndef MOM_TESTS_MODEL_HTTP_MODEL_CLIENT_FIXTURE_H_
#define MOM_TESTS_MODEL_HTTP_MODEL_CLIENT_FIXTURE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "service/model/http_model_client.h"
#include "tests/testing/fake_http_client.h"
#include "tests/testing/run.h"

namespace mom::testing {

// Keeps the rows, and checks that each attempt starts before it ends.
class FakeAttemptLog final : public AttemptLog {
 public:
  int Started(const Attempt& attempt) override {
    EXPECT_EQ(attempt.number, 0);
    return ++started;
  }
  void Finished(Attempt attempt) override {
    EXPECT_EQ(attempt.number, static_cast<int>(rows.size()) + 1);
    rows.push_back(std::move(attempt));
  }
  bool capture() const override { return wants_bodies; }

  int started = 0;
  std::vector<Attempt> rows;
  bool wants_bodies = false;
};

inline constexpr char kHel[] =
    R"({"id":"c-1","model":"x-1","choices":[{"delta":{"content":"Hel"}}]})";
inline constexpr char kLo[] = R"({"choices":[{"delta":{"content":"lo"}}]})";
inline constexpr char kStop[] = R"({"choices":[{"delta":{},"finish_reason":"stop"}]})";
inline constexpr char kUsage[] =
    R"({"choices":[],"usage":{"prompt_tokens":100,"completion_tokens":10,)"
    R"("prompt_tokens_details":{"cached_tokens":40}}})";

inline FakeReply Whole() {
  return FakeReply::Sse().Data(kHel).Data(kLo).Data(kStop).Data(kUsage).Data("[DONE]");
}

class HttpModelClientTest : public ::testing::Test {
 protected:
  HttpModelClientTest() {
    provider_.name = "router";
    provider_.base_url = "https://h/v1";
    provider_.api_key = Secret("sk-1");
    model_.name = "writer";
    model_.provider = "router";
    model_.id = "vendor/x";
    model_.price = Price{1, 0.5, 2};
    auto request = std::make_shared<ChatRequest>();
    request->messages.emplace_back();
    request->messages.back().content.push_back(TextPart{"What is it?"});  // 3 + 4 tokens
    request_ = std::move(request);
  }

  CallContext Context() {
    CallContext context;
    context.request_id = "req-7";
    context.try_number = 2;
    context.role = CallRole::kCritic;
    context.http = &http_;
    context.attempts = log_;
    return context;
  }

  std::unique_ptr<DeltaStream> Stream() {
    return HttpModelClient(provider_, model_, state_).Complete(request_, Context());
  }
  // Asks, and reads to the end.
  Collected Ask() { return testing::Run(Collect(Stream())); }
  Collected Ask(FakeReply reply) {
    http_.Then(std::move(reply));
    return Ask();
  }
  // Asks where a failure is expected, and gives what is known of it.
  ErrorInfo Failure(FakeReply reply) {
    const Collected got = Ask(std::move(reply));
    EXPECT_FALSE(got.status.ok());
    ErrorInfo info = GetErrorInfo(got.status);
    EXPECT_EQ(info.metadata["model"], "writer");
    EXPECT_EQ(info.metadata["provider"], "router");
    EXPECT_EQ(GetErrorInfo(Row().status).reason, info.reason);
    return info;
  }
  // The only row. Nothing of its attempt is left.
  const Attempt& Row() {
    EXPECT_EQ(log_->started, 1);
    EXPECT_EQ(log_->rows.size(), 1u);
    EXPECT_EQ(http_.open_bodies(), 0);
    return log_->rows.at(0);
  }
  // Begins to read, runs until nothing more happens, and cancels.
  void AskAndCancel(FakeReply reply) {
    http_.Then(std::move(reply));
    asio::io_context loop;
    asio::cancellation_signal signal;
    int ends = 0;
    asio::co_spawn(
        loop, Collect(Stream()),
        asio::bind_cancellation_slot(signal.slot(), [&](std::exception_ptr error, Collected) {
          EXPECT_NE(error, nullptr);
          ++ends;
        }));
    loop.poll();
    EXPECT_EQ(log_->rows.size(), 0u) << "it should hang";
    signal.emit(asio::cancellation_type::terminal);
    loop.run();
    EXPECT_EQ(ends, 1);
  }

  ProviderConfig provider_;
  ModelConfig model_;
  std::shared_ptr<const ChatRequest> request_;
  FakeHttpClient http_;
  std::shared_ptr<TargetState> state_ = std::make_shared<TargetState>();
  std::shared_ptr<FakeAttemptLog> log_ = std::make_shared<FakeAttemptLog>();
};

}  // namespace mom::testing

#endif  // MOM_TESTS_MODEL_HTTP_MODEL_CLIENT_FIXTURE_H_
