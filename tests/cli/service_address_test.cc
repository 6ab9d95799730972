#include "clients/cli/service_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/testing/env_of.h"
#include "tests/testing/temporary_folder.h"

namespace mom::cli {
namespace {

using mom::testing::EnvOf;
using ::testing::HasSubstr;

class ServiceAddressTest : public ::testing::Test {
 protected:
  std::string WriteConfig(const std::string& text) { return folder_.Write("mom.yaml", text); }

  mom::testing::TemporaryFolder folder_;
};

TEST_F(ServiceAddressTest, TheDefaultIsWhereMomdListens) {
  EXPECT_EQ(*FindAddress({}, EnvOf({})), "127.0.0.1:50051");
  EXPECT_EQ(*FindAddress({}, EnvOf({{"MOM_ADDRESS", ""}})), "127.0.0.1:50051");
}

TEST_F(ServiceAddressTest, TheNearestWins) {
  AddressOptions options;
  const EnvLookup env = EnvOf({{"MOM_ADDRESS", "127.0.0.1:1"}, {"PORT", "2"}});
  EXPECT_EQ(*FindAddress(options, env), "127.0.0.1:1");
  options.config = WriteConfig("server: {listen: [\"127.0.0.1:${PORT}\", \"unix:mom.sock\"]}");
  EXPECT_EQ(*FindAddress(options, env), "127.0.0.1:2");
  options.address = "[::1]:3";
  EXPECT_EQ(*FindAddress(options, env), "[::1]:3");
}

TEST_F(ServiceAddressTest, ASocketOfTheConfigIsBesideIt) {
  AddressOptions options;
  options.config = WriteConfig("server: {listen: [\"unix:run/mom.sock\"]}");
  EXPECT_EQ(*FindAddress(options, EnvOf({})), "unix:" + (folder_ / "run/mom.sock"));
}

TEST_F(ServiceAddressTest, OtherPartsOfTheConfigDoNotMatter) {
  AddressOptions options;
  options.config = WriteConfig("models: 7\nproviders: {a: {api_key: \"${UNSET}\"}}");
  EXPECT_EQ(*FindAddress(options, EnvOf({})), "127.0.0.1:50051");
}

TEST_F(ServiceAddressTest, AMistakeNamesItsSource) {
  AddressOptions options;
  const auto mistake = [&](const EnvLookup& env) {
    return MessageOf(FindAddress(options, env).status());
  };
  EXPECT_THAT(mistake(EnvOf({{"MOM_ADDRESS", "localhost"}})),
              HasSubstr("MOM_ADDRESS: a port is missing"));
  options.config = WriteConfig("\nserver:\n  listen: [\"example.com:1\"]");
  EXPECT_THAT(mistake(EnvOf({})), HasSubstr("mom.yaml:3 server.listen[0]: the host is not"));
  options.config = WriteConfig("server: {listen: []}");
  EXPECT_THAT(mistake(EnvOf({})), HasSubstr("server.listen[0]: a port is missing"));
  options.config = folder_ / "none.yaml";
  EXPECT_THAT(mistake(EnvOf({})), HasSubstr("none.yaml"));
  options.address = "127.0.0.1:port";
  EXPECT_THAT(mistake(EnvOf({})), HasSubstr("--address: the port is not a number"));
}

}  // namespace
}  // namespace mom::cli
