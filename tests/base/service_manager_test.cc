#include "service/base/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <cstring>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace mom {
namespace {

using Environment = std::map<std::string, std::string>;
using Messages = std::vector<std::string>;

ServiceManager Manager(const Environment& env) {
  return ServiceManager([&env](const std::string& name) {
    const auto found = env.find(name);
    return found == env.end() ? std::nullopt : std::optional<std::string>(found->second);
  });
}

// The service manager's end.
class NotifySocket {
 public:
  // `name` as in NOTIFY_SOCKET.
  explicit NotifySocket(std::string name) : name_(std::move(name)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, name_.data(), name_.size());
    if (name_[0] == '@') address.sun_path[0] = '\0';
    fd_ = ::socket(AF_UNIX, SOCK_DGRAM, 0);
    EXPECT_EQ(::bind(fd_, reinterpret_cast<sockaddr*>(&address),
                     static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size())),
              0)
        << std::strerror(errno);
  }
  ~NotifySocket() { ::close(fd_); }

  const std::string& name() const { return name_; }
  // What has come since the last call.
  Messages Received() {
    Messages messages;
    char bytes[256];
    ssize_t size;
    while ((size = ::recv(fd_, bytes, sizeof bytes, MSG_DONTWAIT)) >= 0) {
      messages.emplace_back(bytes, static_cast<std::size_t>(size));
    }
    return messages;
  }

 private:
  std::string name_;
  int fd_;
};

class ServiceManagerTest : public ::testing::Test {
 protected:
  ServiceManagerTest() {
    char path[] = "/tmp/mom-notify-XXXXXX";
    directory_ = ::mkdtemp(path);
  }
  ~ServiceManagerTest() override { std::filesystem::remove_all(directory_); }

  std::string directory_;
};

TEST_F(ServiceManagerTest, TellsEachState) {
  NotifySocket socket(directory_ + "/notify");
  const ServiceManager manager = Manager({{"NOTIFY_SOCKET", socket.name()}});
  manager.Ready();
  EXPECT_EQ(socket.Received(), Messages{"READY=1"});
  manager.Stopping();
  EXPECT_EQ(socket.Received(), Messages{"STOPPING=1"});
  manager.Alive();
  EXPECT_EQ(socket.Received(), Messages{"WATCHDOG=1"});
}

TEST_F(ServiceManagerTest, AReloadWhileItStopsIsNotTold) {
  NotifySocket socket(directory_ + "/notify");
  const ServiceManager manager = Manager({{"NOTIFY_SOCKET", socket.name()}});
  manager.Stopping();
  manager.Reloading();
  manager.Ready();
  EXPECT_EQ(socket.Received(), Messages{"STOPPING=1"});
}

TEST_F(ServiceManagerTest, AReloadHasItsTime) {
  NotifySocket socket(directory_ + "/notify");
  const auto now = [] {
    return std::chrono::duration_cast<std::chrono::microseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  };
  const auto before = now();
  Manager({{"NOTIFY_SOCKET", socket.name()}}).Reloading();
  const Messages messages = socket.Received();
  ASSERT_EQ(messages.size(), 1u);
  const std::string start = "RELOADING=1\nMONOTONIC_USEC=";
  ASSERT_EQ(messages[0].substr(0, start.size()), start);
  const long long told = std::stoll(messages[0].substr(start.size()));
  EXPECT_GE(told, before);
  EXPECT_LE(told, now());
}

TEST_F(ServiceManagerTest, ReachesAnAbstractSocket) {
  NotifySocket socket("@mom-notify-" + std::to_string(::getpid()));
  Manager({{"NOTIFY_SOCKET", socket.name()}}).Ready();
  EXPECT_EQ(socket.Received(), Messages{"READY=1"});
}

TEST_F(ServiceManagerTest, WithoutAManagerNothingHappens) {
  const ServiceManager manager = Manager({{"WATCHDOG_USEC", "1000"}});
  ::testing::internal::CaptureStderr();
  manager.Ready();
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
  EXPECT_EQ(manager.watchdog_interval(), std::nullopt);
}

TEST_F(ServiceManagerTest, AManagerThatIsGoneIsLogged) {
  for (const std::string& name : {directory_ + "/none", directory_ + std::string(200, 'x')}) {
    ::testing::internal::CaptureStderr();
    Manager({{"NOTIFY_SOCKET", name}}).Ready();
    EXPECT_NE(::testing::internal::GetCapturedStderr().find(name), std::string::npos);
  }
}

TEST_F(ServiceManagerTest, AFullQueueDoesNotBlock) {
  NotifySocket socket(directory_ + "/notify");
  const ServiceManager manager = Manager({{"NOTIFY_SOCKET", socket.name()}});
  ::testing::internal::CaptureStderr();
  for (int i = 0; i < 2'000; ++i) manager.Alive();
  EXPECT_NE(::testing::internal::GetCapturedStderr(), "");
  EXPECT_LT(socket.Received().size(), 2'000u);
}

TEST_F(ServiceManagerTest, TheWatchdogIsForOneProcess) {
  const auto interval = [](Environment more) {
    more.insert({"NOTIFY_SOCKET", "/none"});
    return Manager(more).watchdog_interval();
  };
  using std::chrono::microseconds;
  const std::string us = std::to_string(::getpid());
  EXPECT_EQ(interval({{"WATCHDOG_USEC", "3000"}}), microseconds(1500));
  EXPECT_EQ(interval({{"WATCHDOG_USEC", "3000"}, {"WATCHDOG_PID", us}}), microseconds(1500));
  EXPECT_EQ(interval({{"WATCHDOG_USEC", "3000"}, {"WATCHDOG_PID", "1"}}), std::nullopt);
  for (const char* none : {"", "0", "-1", "soon"}) {
    EXPECT_EQ(interval({{"WATCHDOG_USEC", none}}), std::nullopt) << none;
  }
  EXPECT_EQ(interval({}), std::nullopt);
}

class KeepAliveTest : public ServiceManagerTest {
 protected:
  // Runs what the loop has to do now; whether there was anything.
  static bool Turn(asio::io_context& loop) {
    loop.restart();
    return loop.poll() > 0;
  }

  NotifySocket socket_{directory_ + "/notify"};
  Environment env_{{"NOTIFY_SOCKET", socket_.name()}, {"WATCHDOG_USEC", "20000"}};
  asio::io_context home_;  // outlives the loops, as what waits in them goes on here
  asio::io_context first_;
  asio::io_context second_;
};

TEST_F(KeepAliveTest, SaysNothingWhileALoopHangs) {
  const ServiceManager manager = Manager(env_);
  KeepAlive(home_, manager, {first_.get_executor(), second_.get_executor()});
  EXPECT_TRUE(Turn(home_));
  EXPECT_TRUE(Turn(first_));
  EXPECT_TRUE(Turn(home_));
  EXPECT_EQ(socket_.Received(), Messages());
  EXPECT_TRUE(Turn(second_));
  EXPECT_EQ(socket_.Received(), Messages());
  EXPECT_TRUE(Turn(home_));
  EXPECT_EQ(socket_.Received(), Messages{"WATCHDOG=1"});
}

TEST_F(KeepAliveTest, GoesOn) {
  const ServiceManager manager = Manager(env_);
  KeepAlive(home_, manager, {});
  Messages messages;
  while (messages.size() < 3) {
    home_.run_one();
    for (std::string& message : socket_.Received()) messages.push_back(std::move(message));
  }
  EXPECT_EQ(messages, Messages(3, "WATCHDOG=1"));
}

TEST_F(KeepAliveTest, DoesNothingWhereNobodyWantsToHear) {
  env_.erase("WATCHDOG_USEC");
  const ServiceManager manager = Manager(env_);
  KeepAlive(home_, manager, {first_.get_executor()});
  EXPECT_FALSE(Turn(home_));
}

}  // namespace
}  // namespace mom
