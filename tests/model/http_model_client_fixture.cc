#include "tests/model/http_model_client_fixture.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <exception>
#include <utility>

namespace mom::testing {

int FakeAttemptLog::Started(const Attempt& attempt) {
  EXPECT_EQ(attempt.number, 0);
  return ++started;
}

void FakeAttemptLog::Finished(Attempt attempt) {
  EXPECT_EQ(attempt.number, static_cast<int>(rows.size()) + 1);
  rows.push_back(std::move(attempt));
}

FakeReply Whole() {
  return FakeReply::Sse().Data(kHel).Data(kLo).Data(kStop).Data(kUsage).Data("[DONE]");
}

HttpModelClientTest::HttpModelClientTest() {
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

HttpModelClientTest::~HttpModelClientTest() = default;

CallContext HttpModelClientTest::Context() {
  CallContext context;
  context.request_id = "req-7";
  context.try_number = 2;
  context.role = CallRole::kCritic;
  context.http = &http_;
  context.attempts = log_;
  return context;
}

std::unique_ptr<DeltaStream> HttpModelClientTest::Stream() {
  return HttpModelClient(provider_, model_, state_).Complete(request_, Context());
}

Collected HttpModelClientTest::Ask() { return testing::Run(Collect(Stream())); }

Collected HttpModelClientTest::Ask(FakeReply reply) {
  http_.Then(std::move(reply));
  return Ask();
}

ErrorInfo HttpModelClientTest::Failure(FakeReply reply) {
  const Collected got = Ask(std::move(reply));
  EXPECT_FALSE(got.status.ok());
  ErrorInfo info = GetErrorInfo(got.status);
  EXPECT_EQ(info.metadata["model"], "writer");
  EXPECT_EQ(info.metadata["provider"], "router");
  EXPECT_EQ(GetErrorInfo(Row().status).reason, info.reason);
  return info;
}

const Attempt& HttpModelClientTest::Row() {
  EXPECT_EQ(log_->started, 1);
  EXPECT_EQ(log_->rows.size(), 1u);
  EXPECT_EQ(http_.open_bodies(), 0);
  return log_->rows.at(0);
}

void HttpModelClientTest::AskAndCancel(FakeReply reply) {
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

}  // namespace mom::testing
