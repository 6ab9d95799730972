// How much mom-rest takes on at a time.
#include "tests/rest_shim/shim_fixture.h"

namespace mom::testing {
namespace {

using HttpLimitsTest = ShimTest;

TEST_F(HttpLimitsTest, ConnectionsAreLimited) {
  config_.max_connections = 2;
  RawClient first = Connect();
  RawClient second = Connect();
  for (RawClient* client : {&first, &second}) {
    client->Request("GET", "/healthz");
    EXPECT_EQ(client->Read().status, 200);
  }
  RawClient third = Connect();
  third.Request("GET", "/healthz");
  const RawResponse refused = third.Read();
  ExpectEnvelope(refused, 503, "overloaded");
  EXPECT_EQ(refused.Header("retry-after"), "3");
  EXPECT_EQ(refused.Header("connection"), "close");
  EXPECT_NE(Json(refused.body).Text("/error/message").find("`rest.max_connections`"),
            std::string::npos);
  EXPECT_TRUE(third.AtEnd());
  first.Request("GET", "/healthz");
  EXPECT_EQ(first.Read().status, 200) << "those that are there stay";
  first.Close();
  int status = 503;
  while (status == 503) status = Get("/healthz").status;  // until the end of `first` is seen
  EXPECT_EQ(status, 200);
}

TEST_F(HttpLimitsTest, BodiesMayHoldSoMuchTogether) {
  config_.max_memory = 1 << 20;
  const std::string most = std::to_string((1 << 20) - 1);
  RawClient first = Connect();
  first.Send("POST /v1/chat/completions HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: " +
             most + "\r\n\r\n");
  first.ReadUntil("100 Continue");  // it is counted by now
  RawResponse refused = Post(kHello);
  ExpectEnvelope(refused, 503, "overloaded");
  EXPECT_EQ(refused.Header("retry-after"), "3");
  EXPECT_NE(Json(refused.body).Text("/error/message").find("`rest.max_memory`"), std::string::npos);
  RawClient chunked = Connect();
  chunked.Send("POST /v1/chat/completions HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n");
  chunked.Send("4\r\n{\"a\"\r\n");
  ExpectEnvelope(chunked.Read(), 503, "overloaded");
  EXPECT_EQ(Get("/healthz").status, 200) << "it has no body";
  first.Close();
  int status = 503;
  while (status == 503) status = Post(kHello).status;  // until the end of `first` is seen
  EXPECT_EQ(status, 200);
}

TEST_F(HttpLimitsTest, ABodyAloneIsTakenWhateverTheLimit) {
  config_.max_memory = 1 << 20;
  const std::string large = kHello + std::string(3 << 20, ' ');
  EXPECT_EQ(Post(large).status, 200);
}

}  // namespace
}  // namespace mom::testing
