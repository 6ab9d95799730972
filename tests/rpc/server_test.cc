// The server around the calls: listeners, health, threads.
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "grpc/health/v1/health.grpc.pb.h"
#include "tests/rpc/rpc_fixture.h"

namespace mom::testing {
namespace {

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// Without those of gRPC's timers: it adds a second one when a timer first runs, whatever the load.
int Threads() {
  int threads = 0;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    std::string name;
    std::getline(std::ifstream(task.path() / "comm"), name);
    if (!name.starts_with("grpc_global_tim")) ++threads;
  }
  return threads;
}

class ServerTest : public RpcTest {
 protected:
  void SetUp() override {
    char name[] = "/tmp/mom-rpc-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    directory_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(directory_); }

  std::string SocketPath() const { return directory_ + "/run/mom.sock"; }
  // Tries to start a second server.
  Status StartAnother(const std::string& address) {
    ServerConfig config;
    config.listen = {address};
    return Server::Start(config, *engine_, *admission_, *runs_, pool_).status();
  }

  std::string directory_;
};

TEST_F(ServerTest, LoadAddsNoThread) {
  constexpr int kCalls = 200;
  const auto gate = MakeGate();
  fake("a").Always(FakeAnswer().Wait(*gate).Text("x").Finish());
  fake("b").Always(FakeAnswer().Text("x").Finish());
  Start();
  // gRPC makes its few threads at the first calls.
  for (int i = 0; i < 3; ++i) {
    grpc::ClientContext context;
    v1::ModelQueryResponse response;
    ASSERT_TRUE(stub_->ModelQuery(&context, AskModel("b"), &response).ok());
  }
  struct Client {
    grpc::ClientContext context;
    v1::ModelQueryResponse response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<v1::ModelQueryResponse>> reader;
  };
  grpc::CompletionQueue queue;
  std::vector<std::unique_ptr<Client>> clients;
  const int before = Threads();  // with one of an earlier test's server, may be, that still ends
  for (int i = 0; i < kCalls; ++i) {
    Client& client = *clients.emplace_back(std::make_unique<Client>());
    client.reader = stub_->PrepareAsyncModelQuery(&client.context, AskModel("a"), &queue);
    client.reader->StartCall();
    client.reader->Finish(&client.response, &client.status, &client);
  }
  WaitUntil([&] { return fake("a").open_calls() == kCalls; });
  EXPECT_LE(Threads(), before);
  Open(*gate);
  for (int i = 0; i < kCalls; ++i) {
    void* tag = nullptr;
    bool ok = false;
    ASSERT_TRUE(queue.Next(&tag, &ok));
    EXPECT_TRUE(static_cast<Client*>(tag)->status.ok());
  }
  EXPECT_LE(Threads(), before);
  queue.Shutdown();
}

TEST_F(ServerTest, HealthIsCheckedByName) {
  Start();
  const auto stub = Health::NewStub(channel_);
  const auto check = [&stub](const std::string& service) {
    grpc::ClientContext context;
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    const grpc::Status status = stub->Check(&context, request, &response);
    return std::pair(status.error_code(), response.status());
  };
  EXPECT_EQ(check(""), std::pair(grpc::OK, HealthCheckResponse::SERVING));
  EXPECT_EQ(check("mom.v1.MomService"), std::pair(grpc::OK, HealthCheckResponse::SERVING));
  EXPECT_EQ(check("nobody").first, grpc::NOT_FOUND);
  server_->Drain([] {});
  EXPECT_EQ(check("mom.v1.MomService"), std::pair(grpc::OK, HealthCheckResponse::NOT_SERVING));
}

TEST_F(ServerTest, HealthIsWatched) {
  Start();
  const auto stub = Health::NewStub(channel_);
  HealthCheckRequest request;
  HealthCheckResponse response;
  grpc::ClientContext context;
  auto known = stub->Watch(&context, request);
  request.set_service("nobody");
  grpc::ClientContext unknown_context;
  auto unknown = stub->Watch(&unknown_context, request);
  ASSERT_TRUE(known->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVING);
  ASSERT_TRUE(unknown->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::SERVICE_UNKNOWN);
  server_->Drain([] {});
  ASSERT_TRUE(known->Read(&response));
  EXPECT_EQ(response.status(), HealthCheckResponse::NOT_SERVING);
  server_->Stop();
  EXPECT_FALSE(known->Read(&response));
  EXPECT_FALSE(unknown->Read(&response)) << "nothing changed for it";
  EXPECT_EQ(known->Finish().error_code(), grpc::UNAVAILABLE);
  EXPECT_EQ(unknown->Finish().error_code(), grpc::UNAVAILABLE);
}

TEST_F(ServerTest, WatcherMayLeave) {
  Start();
  const auto stub = Health::NewStub(channel_);
  {
    grpc::ClientContext context;
    auto watch = stub->Watch(&context, HealthCheckRequest());
    HealthCheckResponse response;
    ASSERT_TRUE(watch->Read(&response));
    context.TryCancel();
    EXPECT_EQ(watch->Finish().error_code(), grpc::CANCELLED);
  }
  server_->Drain([] {});
  server_->Stop();
}

TEST_F(ServerTest, PortInUseNamesAddressAndKey) {
  Start();
  const std::string address = server_->addresses().front();
  const Status status = StartAnother(address);
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(MessageOf(status), "server.listen: cannot listen on " + address +
                                   ": another process listens there; stop it, or write another "
                                   "port in `server.listen`");
}

TEST_F(ServerTest, UnixSocketIsForItsOwnerOnly) {
  config_.listen = {"unix:" + SocketPath()};
  fake("a").Always(FakeAnswer().Text("x").Finish());
  Start();
  EXPECT_EQ(server_->addresses().front(), "unix:" + SocketPath());
  struct stat info {};
  ASSERT_EQ(::stat(SocketPath().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0600u);
  ASSERT_EQ(::stat((directory_ + "/run").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  grpc::ClientContext context;
  v1::ModelQueryResponse response;
  EXPECT_TRUE(stub_->ModelQuery(&context, AskModel("a"), &response).ok());

  const Status second = StartAnother("unix:" + SocketPath());
  EXPECT_THAT(MessageOf(second), ::testing::HasSubstr("another process listens"));
  grpc::ClientContext again;
  EXPECT_TRUE(stub_->ModelQuery(&again, AskModel("a"), &response).ok()) << "the first one works on";
  server_->Stop();
  server_.reset();
  EXPECT_FALSE(std::filesystem::exists(SocketPath()));
}

TEST_F(ServerTest, StaleSocketIsReplacedButNoOtherFile) {
  std::filesystem::create_directory(directory_ + "/run");
  sockaddr_un name{};
  name.sun_family = AF_UNIX;
  std::strcpy(name.sun_path, SocketPath().c_str());
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&name), sizeof name), 0);
  ::close(fd);  // as a process does that dies
  config_.listen = {"unix:" + SocketPath()};
  Start();

  const std::string file = directory_ + "/file";
  std::ofstream(file) << "precious";
  EXPECT_THAT(MessageOf(StartAnother("unix:" + file)), ::testing::HasSubstr("no socket"));
  EXPECT_TRUE(std::filesystem::exists(file));
  EXPECT_THAT(MessageOf(StartAnother("unix:" + directory_ + std::string(120, 'x'))),
              ::testing::HasSubstr("1 to 107 bytes"));
}

}  // namespace
}  // namespace mom::testing
