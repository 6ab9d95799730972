// The program itself.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/rest_shim/shim_fixture.h"

namespace mom::testing {
namespace {

// A child process whose two outputs come through one pipe.
class Program {
 public:
  explicit Program(std::vector<std::string> args) {
    int ends[2];
    EXPECT_EQ(::pipe(ends), 0);
    std::vector<char*> argv{const_cast<char*>(MOM_REST_PROGRAM)};
    for (std::string& arg : args) argv.push_back(arg.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], 1);
      ::dup2(ends[1], 2);
      ::close(ends[0]);
      ::execv(MOM_REST_PROGRAM, argv.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    output_ = ends[0];
  }
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(output_);
  }
  pid_t pid() const { return pid_; }
  std::string ReadLine() {
    std::string line;
    char c = 0;
    while (::read(output_, &c, 1) == 1 && c != '\n') line.push_back(c);
    return line;
  }
  // The rest of what it says, and its exit code.
  int Wait(std::string* text) {
    char bytes[4096];
    ssize_t size;
    while ((size = ::read(output_, bytes, sizeof bytes)) > 0) {
      text->append(bytes, static_cast<std::size_t>(size));
    }
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
};

class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() {
    char path[] = "/tmp/mom-rest-process-XXXXXX";
    directory_ = ::mkdtemp(path);
  }
  ~ProcessTest() override { std::filesystem::remove_all(directory_); }

  std::string WriteConfig(const std::string& text) {
    const std::string path = directory_ + "/config.yaml";
    std::ofstream(path) << text;
    return path;
  }
  std::string GoodConfig() {
    return WriteConfig("rest: {listen: \"127.0.0.1:0\", service: \"" + service_.address() +
                       "\", log_level: info}\n");
  }
  static std::uint16_t PortOf(const std::string& listening) {
    const std::string address = Json(listening).Text("/address");
    return static_cast<std::uint16_t>(std::stoi(address.substr(address.rfind(':') + 1)));
  }
  static int ThreadsOf(pid_t pid) {
    int count = 0;
    for ([[maybe_unused]] const auto& task :
         std::filesystem::directory_iterator("/proc/" + std::to_string(pid) + "/task")) {
      ++count;
    }
    return count;
  }
  static int Run(const std::vector<std::string>& args, std::string& text) {
    return Program(args).Wait(&text);
  }

  FakeService service_;
  std::string directory_;
};

TEST_F(ProcessTest, Options) {
  std::string text;
  EXPECT_EQ(Run({"--help"}, text), 0);
  EXPECT_NE(text.find("Usage: mom-rest"), std::string::npos);
  text.clear();
  EXPECT_EQ(Run({"--version"}, text), 0);
  EXPECT_TRUE(text.starts_with("mom-rest ")) << text;
  text.clear();
  EXPECT_EQ(Run({"--bogus"}, text), 2);
  EXPECT_NE(text.find("--bogus"), std::string::npos);
  text.clear();
  EXPECT_EQ(Run({"--config"}, text), 2);
}

TEST_F(ProcessTest, CheckConfig) {
  std::string text;
  EXPECT_EQ(Run({"--config", GoodConfig(), "--check-config"}, text), 0) << text;
  text.clear();
  const std::string bad = WriteConfig("rest:\n  timeout: soon\n");
  EXPECT_EQ(Run({"--config", bad, "--check-config"}, text), 1);
  EXPECT_NE(text.find("config.yaml:2 rest.timeout"), std::string::npos) << text;
  text.clear();
  EXPECT_EQ(Run({"--config", directory_ + "/none.yaml"}, text), 1);
  EXPECT_NE(text.find("none.yaml"), std::string::npos) << text;
  text.clear();
  EXPECT_EQ(Run({"--config", GoodConfig(), "--listen", "0.0.0.0:1"}, text), 1);
  EXPECT_NE(text.find("--listen"), std::string::npos) << text;
}

TEST_F(ProcessTest, APortInUseNamesTheKey) {
  Program first({"--config", GoodConfig()});
  const std::string port = std::to_string(PortOf(first.ReadLine()));
  std::string text;
  EXPECT_EQ(Run({"--config", GoodConfig(), "--listen", "127.0.0.1:" + port}, text), 1);
  EXPECT_NE(text.find("rest.listen"), std::string::npos) << text;
  EXPECT_NE(text.find("another process listens there"), std::string::npos) << text;
}

TEST_F(ProcessTest, SigtermFinishesWhatIsUnderWayAndExitsWith0) {
  Gate gate;
  service_.StreamUntil(gate, "first");
  Program program({"--config", GoodConfig()});
  RawClient client(PortOf(program.ReadLine()));
  client.Post(kHelloStream);
  client.ReadUntil("first");
  ::kill(program.pid(), SIGTERM);
  EXPECT_NE(program.ReadLine().find("draining"), std::string::npos);
  gate.Open();
  EXPECT_TRUE(client.Read().complete);
  std::string text;
  EXPECT_EQ(program.Wait(&text), 0) << text;
  EXPECT_NE(text.find("stopped"), std::string::npos);
}

// R38, R40: one line for each request, with 499 for a client that went.
TEST_F(ProcessTest, TheAccessLog) {
  service_.StreamForEver("first");
  Program program({"--config", GoodConfig()});
  const std::uint16_t port = PortOf(program.ReadLine());
  RawClient client(port);
  client.Request("GET", "/v1/models/vendor/small-a", "x-request-id: one\r\n");
  const RawResponse response = client.Read();
  const Json line(program.ReadLine());
  EXPECT_EQ(line.Text("/event"), "request");
  EXPECT_EQ(line.Text("/method"), "GET");
  EXPECT_EQ(line.Text("/route"), "/models/*");
  EXPECT_EQ(line.At("/status"), "200");
  EXPECT_EQ(line.Text("/request_id"), "one");
  EXPECT_NE(line.At("/latency_ms"), "");
  EXPECT_GT(std::stoul(line.At("/bytes")), response.body.size());

  client.Post(kHelloStream, "x-request-id: two\r\nauthorization: Bearer sk-secret\r\n");
  client.ReadUntil("first");
  client.Close();
  const std::string gone = program.ReadLine();
  EXPECT_EQ(Json(gone).At("/status"), "499");
  EXPECT_EQ(Json(gone).Text("/request_id"), "two");
  EXPECT_EQ(gone.find("sk-secret"), std::string::npos);
}

TEST_F(ProcessTest, ThreadsAreNotPerRequest) {
  constexpr int kClients = 200;
  Gate gate;
  service_.StreamUntil(gate, "first");
  Program program({"--config", GoodConfig()});
  const std::uint16_t port = PortOf(program.ReadLine());
  const auto post = [&](RawClient& client) {
    client.Post(kHelloStream);
    client.ReadUntil("first");
  };
  std::vector<RawClient> clients;
  clients.emplace_back(port);
  post(clients.back());
  // gRPC starts a second timer thread when the first is busy.
  const int most = ThreadsOf(program.pid()) + 1;
  while (clients.size() < kClients) {
    clients.emplace_back(port);
    post(clients.back());
  }
  EXPECT_LE(ThreadsOf(program.pid()), most);
  gate.Open();
  for (RawClient& client : clients) EXPECT_TRUE(client.Read().complete);
  EXPECT_LE(ThreadsOf(program.pid()), most);
}

}  // namespace
}  // namespace mom::testing
