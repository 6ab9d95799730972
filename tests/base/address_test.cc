#include "service/base/address.h"

#include <gtest/gtest.h>

namespace mom {
namespace {

TEST(AddressTest, KnowsThisMachine) {
  for (const char* host : {"localhost", "127.0.0.1", "127.8.9.10", "::1", "0:0:0:0:0:0:0:1"}) {
    EXPECT_TRUE(IsLoopbackHost(host)) << host;
  }
  for (const char* host : {"", "0.0.0.0", "::", "127.0.0.1.evil.example", "127.evil.example",
                           "128.0.0.1", "localhost.evil.example", "127.1", "10.0.0.1"}) {
    EXPECT_FALSE(IsLoopbackHost(host)) << host;
  }
}

TEST(AddressTest, TakesOwnAddresses) {
  for (std::string address : {"127.0.0.1:50051", "localhost:0", "[::1]:65535"}) {
    const std::string before = address;
    EXPECT_EQ(CheckAddress("/etc/mom", false, address), "");
    EXPECT_EQ(address, before);
  }
}

TEST(AddressTest, ResolvesSockets) {
  std::string address = "unix:.run/../mom.sock";
  EXPECT_EQ(CheckAddress("/etc/mom", true, address), "");
  EXPECT_EQ(address, "unix:/etc/mom/mom.sock");
  address = "unix:/tmp/mom.sock";
  EXPECT_EQ(CheckAddress("/etc/mom", true, address), "");
  EXPECT_EQ(address, "unix:/tmp/mom.sock");
  EXPECT_NE(CheckAddress("/etc/mom", false, address), "");
}

TEST(AddressTest, ASocketsPathMustFit) {
  std::string fits = "unix:/" + std::string(106, 'x');
  EXPECT_EQ(CheckAddress("", true, fits), "");
  std::string too_long = "unix:/" + std::string(107, 'x');
  EXPECT_NE(CheckAddress("", true, too_long).find("108 bytes"), std::string::npos);
}

TEST(AddressTest, ABoundPortTakesThePlaceOfTheOneAskedFor) {
  EXPECT_EQ(BoundAddress("127.0.0.1:0", 8000), "127.0.0.1:8000");
  EXPECT_EQ(BoundAddress("[::1]:0", 8000), "[::1]:8000");
  EXPECT_EQ(BoundAddress("unix:/tmp/mom.sock", 1), "unix:/tmp/mom.sock");
}

TEST(AddressTest, OneThatIsTakenNamesWhatToChange) {
  EXPECT_EQ(AddressInUse("[::1]:8000", "rest.listen"),
            "another process listens there; stop it, or write another port in `rest.listen`");
  EXPECT_EQ(AddressInUse("unix:/tmp/mom.sock", "server.listen"),
            "another process listens there; stop it, or write another path in `server.listen`");
}

TEST(AddressTest, SaysWhatIsWrong) {
  for (const auto& [address, part] : {std::pair{"127.0.0.1", "port is missing"},
                                      {"", "port is missing"},
                                      {"127.0.0.1:", "port is not a number"},
                                      {"127.0.0.1:http", "port is not a number"},
                                      {"127.0.0.1:65536", "port is not a number"},
                                      {"http://127.0.0.1:50051", "is a URL"},
                                      {"::1:50051", "brackets"},
                                      {"unix:", "path is missing"},
                                      {":50051", "TLS"},
                                      {"0.0.0.0:50051", "TLS and keys"},
                                      {"[::]:50051", "TLS and keys"},
                                      {"example.com:443", "127.0.0.1:PORT or unix:PATH"}}) {
    std::string text = address;
    EXPECT_NE(CheckAddress("", true, text).find(part), std::string::npos) << address;
  }
}

}  // namespace
}  // namespace mom
