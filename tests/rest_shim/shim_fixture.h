// A running shim in front of a fake service.
#ifndef MOM_TESTS_REST_SHIM_SHIM_FIXTURE_H_
#define MOM_TESTS_REST_SHIM_SHIM_FIXTURE_H_

#include <gtest/gtest.h>

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
                       const rest::HttpLimits& limits = rest::HttpLimits());
  ~RunningShim();
  // Starts to drain, as SIGTERM does; the destructor waits for the end of it.
  void BeginDrain();
  std::uint16_t port() const { return server_.port(); }

 private:
  boost::asio::io_context loop_;
  rest::RestServer server_;
  std::thread thread_;
  bool draining_ = false;
};

class ShimTest : public ::testing::Test {
 protected:
  ShimTest();
  ~ShimTest() override;
  // Started on first use, so that tests can change `config_` and `limits_` before.
  RunningShim& shim();
  RawClient Connect() { return RawClient(shim().port()); }
  RawResponse Post(const std::string& body, const std::string& headers = "");
  // R31: whatever goes wrong, the error has one form.
  static void ExpectEnvelope(const RawResponse& response, int status, const std::string& code);
  RawResponse Get(const std::string& path, const std::string& headers = "");

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
