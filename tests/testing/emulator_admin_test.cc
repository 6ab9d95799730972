// Looking in and steering over HTTP, and the program mom-emulator.
#include <gmock/gmock.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "tests/testing/emulator/emulator.h"
#include "tests/testing/raw_http_client.h"

namespace mom::testing {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

TEST(EmulatorAdminTest, ShowsRequestsWithoutSecrets) {
  const Emulator emulator(Script().Add("a", {.text = "x"}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true),
              "authorization: Bearer k-1\r\nX-Api-Key: k-2\r\nX-A: \xff\r\n");
  EXPECT_EQ(client.Read().status, 200);
  RawHttpClient admin(emulator.port());
  admin.Get("/_emulator/requests");
  EXPECT_THAT(admin.Read().body, AllOf(HasSubstr(R"("model":"a")"), HasSubstr(R"(["X-A","�"])"),
                                       HasSubstr(R"(["authorization","[hidden]"])"),
                                       Not(HasSubstr("k-1")), Not(HasSubstr("k-2"))));
  admin.Get("/_emulator/requests?secrets=1");
  EXPECT_THAT(admin.Read().body, AllOf(HasSubstr("Bearer k-1"), HasSubstr("k-2")));
  ASSERT_EQ(emulator.requests().size(), 1u) << "admin requests do not count";
  EXPECT_EQ(emulator.requests()[0].Header("Authorization"), "Bearer k-1");
  EXPECT_EQ(emulator.requests()[0].Header("x-b"), "");
}

TEST(EmulatorAdminTest, ShowsStateAndInvoices) {
  const Emulator emulator(Script().Add("a", {.text = "x y", .gates = {{.name = "g", .token = 1}}}));
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", true, "12345678"));
  client.ReadUntil("\"x\"");
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.held.contains("g"); }));
  RawHttpClient admin(emulator.port());
  admin.Get("/_emulator/state");
  EXPECT_EQ(admin.Read().body,
            R"({"open_connections":1,"active_calls":1,"connections":1,"requests":1,"invoices":0,)"
            R"("cut_by_client":0,"tokens":1,"held":{"g":1}})");
  admin.Post("/_emulator/open/g", "");
  EXPECT_EQ(admin.Read().status, 200);
  client.ReadUntil("0\r\n\r\n");
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.invoices == 1; }));
  admin.Get("/_emulator/invoices");
  EXPECT_THAT(admin.Read().body,
              StartsWith(R"([{"request_id":1,"model":"a","status":200,"prompt_tokens":2,)"
                         R"("completion_tokens":2,"complete":true,"cut_by_client":false,)"
                         R"("notice_ms":0.0,"started_ms":)"));
}

TEST(EmulatorAdminTest, ReplacesTheScript) {
  const Emulator emulator(Script().Add("a", {.text = "old"}));
  RawHttpClient admin(emulator.port());
  admin.Post("/_emulator/script", R"({"models":{"a":[{"text":"new"}]}})");
  EXPECT_EQ(admin.Read().status, 200);
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", false));
  EXPECT_THAT(client.Read().body, HasSubstr("new"));
  admin.Post("/_emulator/script", R"({"models":{"a":[{"txt":"new"}]}})");
  const auto refused = admin.Read();
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, HasSubstr("models.a[0].txt: unknown key"));
  client.Post(kChat, ChatBody("a", false));
  EXPECT_THAT(client.Read().body, HasSubstr("new")) << "a wrong script changes nothing";
}

TEST(EmulatorAdminTest, Resets) {
  Emulator emulator;
  RawHttpClient client(emulator.port());
  client.Post(kChat, ChatBody("a", false));
  client.Read();
  ASSERT_TRUE(emulator.WaitUntil([](const auto& s) { return s.invoices == 1; }));
  RawHttpClient admin(emulator.port());
  admin.Post("/_emulator/reset", "");
  EXPECT_EQ(admin.Read().status, 200);
  EXPECT_THAT(emulator.requests(), IsEmpty());
  EXPECT_THAT(emulator.invoices(), IsEmpty());
  EXPECT_EQ(emulator.state().tokens, 0);
  EXPECT_EQ(emulator.state().open_connections, 1) << "what goes on is not forgotten";
}

TEST(EmulatorAdminTest, SaysWhatItKnows) {
  const Emulator emulator;
  RawHttpClient admin(emulator.port());
  for (const std::string_view target : {"/_emulator/", "/_emulator/what"}) {
    admin.Get(target);
    EXPECT_EQ(admin.Read().status, 404);
    admin.Post(target, "");
    EXPECT_EQ(admin.Read().status, 404);
  }
  admin.Send("DELETE /_emulator/state HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_EQ(admin.Read().status, 405);
}

// The program, with its two outputs in one pipe.
class Program {
 public:
  explicit Program(std::vector<std::string> words) {
    int ends[2];
    EXPECT_EQ(pipe(ends), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    words.insert(words.begin(), MOM_EMULATOR);
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    EXPECT_EQ(posix_spawn(&pid_, MOM_EMULATOR, &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = fdopen(ends[0], "r");
  }
  ~Program() { fclose(output_); }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The next line, without its end.
  std::string ReadLine() {
    char line[1024] = "";
    if (fgets(line, sizeof(line), output_) == nullptr) return {};
    std::string text(line);
    if (text.ends_with('\n')) text.pop_back();
    return text;
  }
  void Signal(int signal) { kill(pid_, signal); }
  // Waits for its end.
  int ExitCode() {
    int status = 0;
    waitpid(pid_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = 0;
  FILE* output_ = nullptr;
};

TEST(EmulatorProgramTest, ServesUntilASignal) {
  constexpr std::string_view kListening = "listening http://127.0.0.1:";
  for (const int signal : {SIGINT, SIGTERM}) {
    Program program({"--listen", "127.0.0.1:0"});
    const std::string line = program.ReadLine();
    ASSERT_THAT(line, StartsWith(kListening));
    RawHttpClient client(static_cast<std::uint16_t>(std::stoi(line.substr(kListening.size()))));
    client.Get("/v1/models");
    EXPECT_EQ(client.Read().status, 200);
    program.Signal(signal);
    EXPECT_EQ(program.ExitCode(), 0);
  }
}

TEST(EmulatorProgramTest, ServesTls) {
  const std::string file = ::testing::TempDir() + "mom_emulator_ca_" + std::to_string(getpid());
  Program program({"--tls", file});
  EXPECT_THAT(program.ReadLine(), StartsWith("listening http://127.0.0.1:"));
  for (const char* kind :
       {"good", "expired", "not_yet_valid", "wrong_host", "self_signed", "unknown_ca", "old_tls"}) {
    EXPECT_THAT(program.ReadLine(), StartsWith("tls " + std::string(kind) + " https://127.0.0.1:"));
  }
  std::ifstream pem(file);
  std::string line;
  std::getline(pem, line);
  EXPECT_EQ(line, "-----BEGIN CERTIFICATE-----");
  program.Signal(SIGTERM);
  EXPECT_EQ(program.ExitCode(), 0);
  std::filesystem::remove(file);
}

TEST(EmulatorProgramTest, RefusesWrongArguments) {
  const Emulator other;
  const std::string taken = "127.0.0.1:" + std::to_string(other.port());
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"--script", "/nowhere"}, "/nowhere: cannot be read"},
      {{"--script"}, "--script: a value is missing"},
      {{"--what", "x"}, "--what: unknown; see mom-emulator --help"},
      {{"--listen", "0.0.0.0:1"}, "--listen: "},
      {{"--listen", taken}, "Address already in use; port 0 takes a free port"},
      {{"--tls", "/nowhere/ca.pem"}, "--tls /nowhere/ca.pem: No such file or directory; name a"},
      {{"--threads", "0"}, "--threads 0: write a whole number from 1 to 64"},
  };
  for (const auto& [words, problem] : cases) {
    Program program(words);
    EXPECT_THAT(program.ReadLine(), AllOf(StartsWith("mom-emulator: "), HasSubstr(problem)));
    EXPECT_EQ(program.ExitCode(), 1);
  }
}

TEST(EmulatorProgramTest, Helps) {
  Program program({"--help"});
  EXPECT_THAT(program.ReadLine(), StartsWith("mom-emulator: an LLM provider"));
  EXPECT_EQ(program.ExitCode(), 0);
}

}  // namespace
}  // namespace mom::testing
