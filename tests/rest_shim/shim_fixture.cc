#include "tests/rest_shim/shim_fixture.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <chrono>

namespace mom::testing {

RunningShim::RunningShim(const rest::RestConfig& config, const rest::HttpLimits& limits)
    : loop_(1), server_(loop_, config, limits) {
  const Status status = server_.Start();
  EXPECT_TRUE(status.ok()) << status;
  thread_ = std::thread([this] { loop_.run(); });
}

RunningShim::~RunningShim() {
  BeginDrain();
  thread_.join();
}

void RunningShim::BeginDrain() {
  if (draining_) return;
  draining_ = true;
  boost::asio::co_spawn(loop_, server_.Drain(), boost::asio::detached);
}

ShimTest::ShimTest() {
  SetLogLevel(LogLevel::kError);
  config_.listen = "127.0.0.1:0";
  config_.service = service_.address();
  config_.drain_timeout = std::chrono::seconds(20);
}

ShimTest::~ShimTest() = default;

RunningShim& ShimTest::shim() {
  if (!shim_) shim_ = std::make_unique<RunningShim>(config_, limits_);
  return *shim_;
}

RawResponse ShimTest::Post(const std::string& body, const std::string& headers) {
  RawClient client = Connect();
  client.Post(body, headers);
  return client.Read();
}

void ShimTest::ExpectEnvelope(const RawResponse& response, int status, const std::string& code) {
  EXPECT_EQ(response.status, status);
  EXPECT_EQ(response.Header("content-type"), "application/json");
  EXPECT_NE(response.Header("x-request-id"), "");
  const Json body(response.body);
  EXPECT_NE(body.Text("/error/message"), "");
  EXPECT_NE(body.Text("/error/type"), "");
  EXPECT_NE(body.At("/error/param"), "");
  EXPECT_EQ(body.Text("/error/code"), code);
}

RawResponse ShimTest::Get(const std::string& path, const std::string& headers) {
  RawClient client = Connect();
  client.Request("GET", path, headers);
  return client.Read();
}

}  // namespace mom::testing
