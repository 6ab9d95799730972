// Whom the client trusts, and that it tells nothing to anybody else.
#include <gmock/gmock.h>

#include <map>
#include <string>

#include "tests/net/emulator_http_test.h"

namespace mom::testing {
namespace {

using ::testing::IsEmpty;

using CurlHttpClientTlsTest = EmulatorHttpTest;

TEST_F(CurlHttpClientTlsTest, TrustsTheAuthorityThatItIsGiven) {
  const Told told = AskAlone(Question(emulator_.base_url(Certificate::kGood)));
  EXPECT_TRUE(told.status.ok()) << told.status;
  EXPECT_EQ(told.http_status, 200);
  ASSERT_EQ(emulator_.requests().size(), 1u);
  EXPECT_EQ(emulator_.requests()[0].http, "1.1");
}

TEST_F(CurlHttpClientTlsTest, TrustsNoOtherAuthority) {
  HttpRequest request = Question(emulator_.base_url(Certificate::kGood));
  request.ca_file.clear();
  const Told told = AskAlone(std::move(request));
  EXPECT_EQ(told.status.code(), StatusCode::kFailedPrecondition);
  EXPECT_EQ(ReasonOf(told.status), reason::kUpstreamTls);
  EXPECT_THAT(emulator_.requests(), IsEmpty());
}

// A connection that was made with trust is none for a request without.
TEST_F(CurlHttpClientTlsTest, SharesNoConnectionBetweenDifferentTrust) {
  EXPECT_TRUE(AskAlone(Question(emulator_.base_url(Certificate::kGood))).status.ok());
  HttpRequest request = Question(emulator_.base_url(Certificate::kGood));
  request.ca_file.clear();
  EXPECT_EQ(ReasonOf(AskAlone(std::move(request)).status), reason::kUpstreamTls);
  EXPECT_EQ(emulator_.requests().size(), 1u);
}

// In plain words, as libcurl's own differ with what it was built with.
const std::map<std::string, std::string> kWords = {
    {"expired", "its certificate has expired"},
    {"not_yet_valid", "its certificate is not valid yet"},
    {"wrong_host", "its certificate is of another host"},
    {"self_signed", "its certificate is of an authority that is not trusted"},
    {"unknown_ca", "its certificate is of an authority that is not trusted"},
    {"old_tls", "it speaks only a TLS that is too old"},
};

TEST_F(CurlHttpClientTlsTest, RefusesEveryBadCertificate) {
  for (const auto& [kind, name] : kCertificates) {
    if (kind == Certificate::kGood) continue;
    for (const bool http2 : {false, true}) {
      HttpRequest request = Question(emulator_.base_url(kind));
      request.http2 = http2;
      const Told told = AskAlone(std::move(request));
      EXPECT_EQ(told.status.code(), StatusCode::kFailedPrecondition) << name;
      EXPECT_EQ(ReasonOf(told.status), reason::kUpstreamTls) << name << told.status;
      EXPECT_TRUE(IsSurelyUnsent(told.status)) << name;
      EXPECT_EQ(MessageOf(told.status), kWords.at(name));
    }
  }
  EXPECT_THAT(emulator_.requests(), IsEmpty()) << "the key was told to somebody unknown";
}

TEST_F(CurlHttpClientTlsTest, AFileThatCannotBeReadIsNoTrust) {
  HttpRequest request = Question(emulator_.base_url(Certificate::kGood));
  request.ca_file = folder_ / "absent.pem";
  const Told told = AskAlone(std::move(request));
  EXPECT_EQ(ReasonOf(told.status), reason::kUpstreamTls);
  EXPECT_EQ(MessageOf(told.status), "the file of trusted authorities cannot be read");
  EXPECT_TRUE(IsSurelyUnsent(told.status));
  EXPECT_THAT(emulator_.requests(), IsEmpty());
}

}  // namespace
}  // namespace mom::testing
