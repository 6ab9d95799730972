// Name look-ups that fail or hang. This program's getaddrinfo stands in for the system's.
#include <dlfcn.h>
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <string_view>

#include "service/base/async_event.h"
#include "service/net/fan_out.h"
#include "tests/net/http_test.h"

namespace {

// Where the look-ups of "hang.test" wait.
struct Gate {
  std::mutex mutex;
  std::condition_variable changed;
  int waiting = 0;  // guarded by mutex, as are the others
  int passed = 0;
  bool open = false;
};

Gate& TheGate() {
  static Gate* const gate = new Gate;  // threads may outlive main()
  return *gate;
}

void HangAtTheGate() {
  Gate& gate = TheGate();
  std::unique_lock lock(gate.mutex);
  ++gate.waiting;
  gate.changed.notify_all();
  gate.changed.wait(lock, [&] { return gate.open; });
  ++gate.passed;
  gate.changed.notify_all();
}

}  // namespace

extern "C" int getaddrinfo(const char* node, const char* service, const addrinfo* hints,
                           addrinfo** result) {
  const std::string_view name = node == nullptr ? "" : node;
  if (name == "none.test") return EAI_NONAME;
  if (name == "hang.test") {
    HangAtTheGate();
    return EAI_AGAIN;
  }
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(node, service, hints, result);
}

namespace mom::testing {
namespace {

class ResolverTest : public HttpTest {
 protected:
  ResolverTest() { TheGate().open = false; }
  // Lets every look-up end.
  ~ResolverTest() override {
    Gate& gate = TheGate();
    std::unique_lock lock(gate.mutex);
    gate.open = true;
    gate.changed.notify_all();
    gate.changed.wait(lock, [&] { return gate.passed == gate.waiting; });
  }

  asio::awaitable<StatusOr<HttpResponse>> Ask(std::string url,
                                              std::chrono::milliseconds connect_timeout) {
    HttpRequest request = Post(url);
    request.connect_timeout = connect_timeout;
    co_return co_await client_.Send(std::move(request), Deadline::Never());
  }
};

TEST_F(ResolverTest, ANameThatDoesNotExist) {
  auto test = [&]() -> asio::awaitable<void> {
    const auto response = co_await Ask("http://none.test/", std::chrono::seconds(60));
    EXPECT_EQ(response.status().code(), StatusCode::kUnavailable);
    EXPECT_EQ(ReasonOf(response.status()), reason::kUpstreamDns);
    EXPECT_EQ(MessageOf(response.status()), "its host name has no address");
    EXPECT_TRUE(IsSurelyUnsent(response.status()));
  };
  Drive(test);
}

TEST_F(ResolverTest, ALookUpThatHangsIsAConnectTimeout) {
  auto test = [&]() -> asio::awaitable<void> {
    const auto response = co_await Ask("http://hang.test/", std::chrono::milliseconds(50));
    EXPECT_EQ(response.status().code(), StatusCode::kDeadlineExceeded);
    EXPECT_EQ(ReasonOf(response.status()), reason::kConnectTimeout);
    EXPECT_TRUE(IsSurelyUnsent(response.status()));
  };
  Drive(test);
}

// The gate opens only after the test: a cancel that waited for the look-up would never end.
TEST_F(ResolverTest, ACancelDoesNotWaitForTheLookUp) {
  auto test = [&]() -> asio::awaitable<void> {
    FanOut<StatusOr<HttpResponse>> work(context_.get_executor());
    work.Add(Ask("http://hang.test/", std::chrono::hours(1)));
    const auto none = co_await work.Next(Deadline::After(std::chrono::milliseconds(20)));
    EXPECT_FALSE(none);
    EXPECT_EQ(client_.active_transfers(), 1);
  };
  Drive(test);
}

}  // namespace
}  // namespace mom::testing
