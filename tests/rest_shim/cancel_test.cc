// R38: a client that goes stops the work for it, in every phase.
#include "tests/rest_shim/shim_fixture.h"

namespace mom::testing {
namespace {

class CancelTest : public ShimTest {
 protected:
  CancelTest() {
    service_.unary = [this](UnaryScript& script) {
      started_.Open();
      script.AwaitCancel();
      return grpc::Status::CANCELLED;
    };
    service_.streamed = [this](StreamScript& script) {
      script.Start();
      if (text_) script.Text("some text");
      started_.Open();
      script.AwaitCancel();
      return grpc::Status::CANCELLED;
    };
  }
  bool text_ = false;
  Gate started_;
};

TEST_F(CancelTest, WhileTheWholeAnswerIsWaitedFor) {
  RawClient client = Connect();
  client.Post(kHello);
  started_.Wait();
  client.Close();
  service_.AwaitCancelled(1);
}

TEST_F(CancelTest, BeforeTheFirstDelta) {
  RawClient client = Connect();
  client.Post(kHelloStream);
  started_.Wait();
  client.Close();
  service_.AwaitCancelled(1);
}

TEST_F(CancelTest, InTheMiddleOfTheStream) {
  text_ = true;
  RawClient client = Connect();
  client.Post(kHelloStream);
  client.ReadUntil("some text");
  client.Close();
  service_.AwaitCancelled(1);
}

TEST_F(CancelTest, AFinAloneIsEnough) {
  RawClient client = Connect();
  client.Post(kHello);
  started_.Wait();
  client.CloseWrite();
  service_.AwaitCancelled(1);
  EXPECT_TRUE(client.AtEnd());
}

TEST_F(CancelTest, EvenBehindPipelinedRequests) {
  RawClient client = Connect();
  client.Post(kHello);
  started_.Wait();
  client.Request("GET", "/healthz");
  client.Close();
  service_.AwaitCancelled(1);
}

// What floods the connection behind its request cannot be watched, but a drain still ends it.
TEST_F(CancelTest, AFloodBehindARequestIsNotTakenIn) {
  config_.drain_timeout = std::chrono::milliseconds(20);
  RawClient client = Connect();
  client.Post(kHello);
  started_.Wait();
  client.Send(std::string(80 << 10, 'x'));
  EXPECT_EQ(Get("/healthz").status, 200);
  shim().BeginDrain();
  service_.AwaitCancelled(1);
}

TEST_F(CancelTest, ManyAtOnceLeaveNothingBehind) {
  constexpr int kClients = 40;
  {
    std::vector<RawClient> clients;
    for (int i = 0; i < kClients; ++i) {
      clients.push_back(Connect());
      clients.back().Post(i % 2 == 0 ? kHello : kHelloStream);
    }
    service_.AwaitCalls(kClients);
  }
  service_.AwaitCancelled(kClients);
  EXPECT_EQ(Get("/readyz").status, 200);
}

// The shim may be taken down while calls are under way.
TEST_F(CancelTest, AtTheEndOfTheProcess) {
  config_.drain_timeout = std::chrono::milliseconds(0);
  RawClient client = Connect();
  client.Post(kHelloStream);
  started_.Wait();
  shim_.reset();
  service_.AwaitCancelled(1);
}

}  // namespace
}  // namespace mom::testing
