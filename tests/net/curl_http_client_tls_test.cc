// Whom the client trusts, and that it tells nothing to anybody else.
#include <gmock/gmock.h>

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
    }
  }
  EXPECT_THAT(emulator_.requests(), IsEmpty()) << "the key was told to somebody unknown";
}

TEST_F(CurlHttpClientTlsTest, AFileThatCannotBeReadIsNoTrust) {
  HttpRequest request = Question(emulator_.base_url(Certificate::kGood));
  request.ca_file = folder_.path + "/absent.pem";
  const Told told = AskAlone(std::move(request));
  EXPECT_EQ(ReasonOf(told.status), reason::kUpstreamTls);
  EXPECT_TRUE(IsSurelyUnsent(told.status));
  EXPECT_THAT(emulator_.requests(), IsEmpty());
}

}  // namespace
}  // namespace mom::testing
