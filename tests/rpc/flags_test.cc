#include "service/flags.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

TEST(Flags, DefaultsAndBothForms) {
  const StatusOr<Flags> none = ParseFlags({});
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->config, "config.yaml");
  EXPECT_FALSE(none->debug_requests.has_value());
  const StatusOr<Flags> all =
      ParseFlags({"--config", "a.yaml", "--debug-requests=dir", "--log-level", "debug"});
  ASSERT_TRUE(all.ok()) << all.status();
  EXPECT_EQ(all->config, "a.yaml");
  EXPECT_EQ(all->debug_requests, "dir");
  EXPECT_EQ(all->log_level, "debug");
}

TEST(Flags, TheDirectoryOfDebugRequestsMayBeLeftOut) {
  EXPECT_EQ(ParseFlags({"--debug-requests"})->debug_requests, "debug-requests");
  const StatusOr<Flags> flags = ParseFlags({"--debug-requests", "--check-config"});
  ASSERT_TRUE(flags.ok());
  EXPECT_EQ(flags->debug_requests, "debug-requests");
  EXPECT_TRUE(flags->check_config);
  EXPECT_EQ(ParseFlags({"--debug-requests", "dir"})->debug_requests, "dir");
}

TEST(Flags, MistakesAreNamed) {
  for (const std::vector<std::string>& args :
       std::vector<std::vector<std::string>>{{"--confg", "x"},
                                             {"stray"},
                                             {"--config"},
                                             {"--config="},
                                             {"--log-level", "loud"},
                                             {"--help=yes"},
                                             {"-x"}}) {
    const StatusOr<Flags> flags = ParseFlags(args);
    EXPECT_EQ(flags.status().code(), StatusCode::kInvalidArgument) << args[0];
  }
}

}  // namespace
}  // namespace mom
