// A running shim in front of a fake service.
#ifndef MOM_TESTS_REST_SHIM_SHIM_FIXTURE_H_
#define MOM_TESTS_REST_SHIM_SHIM_FIXTURE_H_

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>

#include "rest_shim/rest_server.h"
#include "service/base/log.h"
#include "tests/rest_shim/fake_service.h"
#include "tests/rest_shim/raw_client.h"

namespace mom::testing {

// The shim on a thread of its own, as a process has it.
class RunningShim {
 public:
  explicit RunningShim(const rest::RestConfig& config,
                       const rest::HttpLimits& limits = rest::HttpLimits())
      : loop_(1), server_(loop_, config, limits) {
    const Status status = server_.Start();
    EXPECT_TRUE(status.ok()) << status;
    thread_ = std::thread([this] { loop_.run(); });
  }
  ~RunningShim() {
    BeginDrain();
    thread_.join();
  }
  // Starts to drain, as SIGTERM does; the destructor waits for the end of it.
  void BeginDrain() {
    if (draining_) return;
    draining_ = true;
    boost::asio::co_spawn(loop_, server_.Drain(), boost::asio::detached);
  }
  std::uint16_t port() const { return server_.port(); }

 private:
  boost::asio::io_context loop_;
  rest::RestServer server_;
  std::thread thread_;
  bool draining_ = false;
};

class ShimTest : public ::testing::Test {
 protected:
  ShimTest() {
    SetLogLevel(LogLevel::kError);
    config_.listen = "127.0.0.1:0";
    config_.service = service_.address();
    config_.drain_timeout = std::chrono::seconds(20);
  }
  // Started on first use, so that tests can change `config_` and `limits_` before.
  RunningShim& shim() {
    if (!shim_) shim_ = std::make_unique<RunningShim>(config_, limits_);
    return *shim_;
  }
  RawClient Connect() { return RawClient(shim().port()); }
  RawResponse Post(const std::string& body, const std::string& headers = "") {
    RawClient client = Connect();
    client.Post(body, headers);
    return client.Read();
  }
  // R31: whatever goes wrong, the error has one form.
  static void ExpectEnvelope(const RawResponse& response, int status, const std::string& code) {
    EXPECT_EQ(response.status, status);
    EXPECT_EQ(response.Header("content-type"), "application/json");
    EXPECT_NE(response.Header("x-request-id"), "");
    const Json body(response.body);
    EXPECT_NE(body.Text("/error/message"), "");
    EXPECT_NE(body.Text("/error/type"), "");
    EXPECT_NE(body.At("/error/param"), "");
    EXPECT_EQ(body.Text("/error/code"), code);
  }
  RawResponse Get(const std::string& path, const std::string& headers = "") {
    RawClient client = Connect();
    client.Request("GET", path, headers);
    return client.Read();
  }

  FakeService service_;
  rest::RestConfig config_;
  rest::HttpLimits limits_;
  std::unique_ptr<RunningShim> shim_;
};

inline constexpr char kHello[] = R"({"model":"mom","messages":[{"role":"user","content":"hi"}]})";
inline constexpr char kHelloStream[] =
    R"({"model":"mom","stream":true,"messages":[{"role":"user","content":"hi"}]})";

}  // namespace mom::testing

#endif  // MOM_TESTS_REST_SHIM_SHIM_FIXTURE_H_
