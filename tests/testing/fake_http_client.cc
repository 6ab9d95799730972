#include "tests/testing/fake_http_client.h"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>
#include <chrono>

namespace mom::testing {

class FakeHttpClient::Body final : public HttpBody {
 public:
  Body(FakeReply reply, std::shared_ptr<Bodies> bodies)
      : reply_(std::move(reply)), bodies_(std::move(bodies)) {
    ++bodies_->open;
  }
  ~Body() override { --bodies_->open; }

  asio::awaitable<StatusOr<std::optional<std::string>>> Next(Deadline deadline) override {
    EXPECT_FALSE(over_) << "Next() after the end";
    while (step_ < reply_.steps_.size()) {
      const FakeReply::Step& step = reply_.steps_[step_];
      if (const auto* bytes = std::get_if<std::string>(&step)) {
        ++step_;
        co_return std::optional<std::string>(*bytes);
      }
      if (const auto* error = std::get_if<Status>(&step)) {
        over_ = true;
        co_return *error;
      }
      if (const auto* drip = std::get_if<FakeReply::Dripping>(&step)) {
        co_await SleepUntil(Deadline::After(std::chrono::milliseconds(1)));
        co_return std::optional<std::string>(drip->bytes);
      }
      const bool in_time = co_await Pass(step, deadline);
      if (!in_time) {
        co_return MakeError(StatusCode::kDeadlineExceeded, "no bytes", reason::kDeadline);
      }
      ++step_;
    }
    over_ = true;
    ++bodies_->ended;
    co_return std::optional<std::string>();
  }

 private:
  asio::awaitable<bool> Pass(const FakeReply::Step& step, Deadline deadline) {
    if (AsyncEvent* const* gate = std::get_if<AsyncEvent*>(&step)) {
      co_return co_await (*gate)->Wait(deadline);
    }
    AsyncEvent never(co_await asio::this_coro::executor);
    co_return co_await never.Wait(deadline);
  }

  FakeReply reply_;
  std::shared_ptr<Bodies> bodies_;
  std::size_t step_ = 0;
  bool over_ = false;
};

asio::awaitable<StatusOr<HttpResponse>> FakeHttpClient::Send(HttpRequest request,
                                                             Deadline deadline) {
  requests_.push_back(std::move(request));
  if (script_.empty()) {
    ADD_FAILURE() << "an unexpected request";
    co_return MakeError(StatusCode::kInternal, "not scripted", reason::kInternal);
  }
  FakeReply reply = std::move(script_.front());
  script_.pop_front();
  if (!reply.send_error_.ok()) co_return reply.send_error_;
  if (reply.status_ == 0) {
    co_await SleepUntil(deadline);
    co_return MakeError(StatusCode::kDeadlineExceeded, "no answer", reason::kDeadline);
  }
  HttpResponse response;
  response.status = reply.status_;
  response.headers = reply.headers_;
  response.body = std::make_unique<Body>(std::move(reply), bodies_);
  co_return response;
}

}  // namespace mom::testing
