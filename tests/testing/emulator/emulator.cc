#include "tests/testing/emulator/emulator.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <thread>
#include <utility>

#include "service/base/async_event.h"
#include "tests/testing/emulator/session.h"
#include "tests/testing/emulator/stage.h"

namespace mom::testing {
namespace {

using asio::ip::tcp;

tcp::endpoint ParseEndpoint(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  std::string host = listen.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const auto address = asio::ip::make_address(host);
  return tcp::endpoint(address, static_cast<std::uint16_t>(std::stoi(listen.substr(colon + 1))));
}

}  // namespace

// The threads and what they run. Connections are spread over the threads in turn.
class Emulator::Server {
 public:
  Server(const Script& script, const EmulatorOptions& options)
      : stage_(script, options.keep), loops_(static_cast<std::size_t>(options.threads)) {
    for (auto& loop : loops_) loop = std::make_unique<asio::io_context>(1);
    acceptor_ = std::make_unique<tcp::acceptor>(*loops_.front(), ParseEndpoint(options.listen));
    endpoint_ = acceptor_->local_endpoint();
    asio::co_spawn(*loops_.front(), Accept(), asio::detached);
    for (auto& loop : loops_) {
      threads_.emplace_back([context = loop.get()] {
        const auto work = asio::make_work_guard(*context);
        context->run();
      });
    }
  }

  ~Server() {
    for (auto& loop : loops_) loop->stop();
    for (std::thread& thread : threads_) thread.join();
  }

  Stage& stage() { return stage_; }
  const tcp::endpoint& endpoint() const { return endpoint_; }

 private:
  asio::awaitable<void> Accept() {
    constexpr auto kPause = std::chrono::milliseconds(20);
    for (std::size_t turn = 0;; ++turn) {
      asio::io_context& loop = *loops_[turn % loops_.size()];
      boost::system::error_code error;
      auto token = asio::redirect_error(asio::use_awaitable, error);
      tcp::socket socket = co_await acceptor_->async_accept(loop, token);
      if (error) {  // Out of descriptors: they will come back.
        co_await SleepUntil(Deadline::After(kPause));
        continue;
      }
      socket.set_option(tcp::no_delay(true), error);
      StartSession(std::move(socket), stage_);
    }
  }

  Stage stage_;  // Outlives the loops: destroying them closes what is still open.
  std::vector<std::unique_ptr<asio::io_context>> loops_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  tcp::endpoint endpoint_;
  std::vector<std::thread> threads_;
};

Emulator::Emulator(const Script& script, const EmulatorOptions& options)
    : server_(std::make_unique<Server>(script, options)) {}

Emulator::~Emulator() = default;

std::uint16_t Emulator::port() const { return server_->endpoint().port(); }

std::string Emulator::base_url() const {
  const auto address = server_->endpoint().address();
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return "http://" + host + ":" + std::to_string(port()) + "/v1";
}

void Emulator::SetScript(const Script& script) { server_->stage().Perform(script); }

void Emulator::Open(const std::string& gate) { server_->stage().gates.Open(gate); }

void Emulator::Reset() { server_->stage().Reset(); }

std::vector<RecordedRequest> Emulator::requests() const {
  return server_->stage().journal.requests();
}

std::vector<Invoice> Emulator::invoices() const { return server_->stage().journal.invoices(); }

EmulatorState Emulator::state() const { return server_->stage().journal.state(); }

bool Emulator::WaitUntil(const std::function<bool(const EmulatorState&)>& condition,
                         std::chrono::milliseconds timeout) const {
  return server_->stage().journal.WaitUntil(condition, timeout);
}

bool Emulator::WaitUntilAllClosed(std::chrono::milliseconds timeout) const {
  return WaitUntil([](const EmulatorState& state) { return state.open_connections == 0; }, timeout);
}

}  // namespace mom::testing
