#include "tests/testing/emulator/emulator.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <fstream>
#include <map>
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

std::string UrlOf(const std::string& scheme, const tcp::endpoint& endpoint) {
  const auto address = endpoint.address();
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return scheme + "://" + host + ":" + std::to_string(endpoint.port()) + "/v1";
}

// A port that is listened at.
struct Listener {
  Listener(asio::io_context& loop, const tcp::endpoint& at,
           std::unique_ptr<asio::ssl::context> with)
      : acceptor(loop, at), endpoint(acceptor.local_endpoint()), tls(std::move(with)) {}

  tcp::acceptor acceptor;
  const tcp::endpoint endpoint;
  const std::unique_ptr<asio::ssl::context> tls;  // Null: none.
};

void WriteFile(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text << std::flush;
  if (!file) throw boost::system::system_error(errno, boost::system::generic_category(), path);
}

}  // namespace

// The threads and what they run. Connections are spread over the threads in turn.
class Emulator::Server {
 public:
  Server(const Script& script, const EmulatorOptions& options)
      : stage_(script, options.keep), loops_(static_cast<std::size_t>(options.threads)) {
    for (auto& loop : loops_) loop = std::make_unique<asio::io_context>(1);
    Listen(options);
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
  const tcp::endpoint& endpoint() const { return plain_->endpoint; }
  const tcp::endpoint& endpoint(Certificate kind) const { return secure_.at(kind)->endpoint; }

 private:
  void Listen(const EmulatorOptions& options) {
    asio::io_context& loop = *loops_.front();
    const tcp::endpoint endpoint = ParseEndpoint(options.listen);
    plain_ = std::make_unique<Listener>(loop, endpoint, nullptr);
    asio::co_spawn(loop, Accept(*plain_), asio::detached);
    if (options.ca_file.empty()) return;
    const CertificateAuthority authority;
    WriteFile(options.ca_file, authority.Pem());
    for (const auto& [kind, name] : kCertificates) {
      secure_[kind] = std::make_unique<Listener>(loop, tcp::endpoint(endpoint.address(), 0),
                                                 authority.ServerContext(kind));
      asio::co_spawn(loop, Accept(*secure_[kind]), asio::detached);
    }
  }

  asio::awaitable<void> Accept(Listener& listener) {
    constexpr auto kPause = std::chrono::milliseconds(20);
    while (true) {
      asio::io_context& loop = *loops_[turn_++ % loops_.size()];
      boost::system::error_code error;
      auto token = asio::redirect_error(asio::use_awaitable, error);
      tcp::socket socket = co_await listener.acceptor.async_accept(loop, token);
      if (error) {  // Out of descriptors: they will come back.
        co_await SleepUntil(Deadline::After(kPause));
        continue;
      }
      socket.set_option(tcp::no_delay(true), error);
      StartSession(std::move(socket), listener.tls.get(), stage_);
    }
  }

  Stage stage_;  // Outlives the loops: destroying them closes what is still open.
  std::vector<std::unique_ptr<asio::io_context>> loops_;
  std::unique_ptr<Listener> plain_;
  std::map<Certificate, std::unique_ptr<Listener>> secure_;
  std::size_t turn_ = 0;
  std::vector<std::thread> threads_;
};

Emulator::Emulator(const Script& script, const EmulatorOptions& options)
    : server_(std::make_unique<Server>(script, options)) {}

Emulator::~Emulator() = default;

std::uint16_t Emulator::port() const { return server_->endpoint().port(); }

std::string Emulator::base_url() const { return UrlOf("http", server_->endpoint()); }

std::string Emulator::base_url(Certificate kind) const {
  return UrlOf("https", server_->endpoint(kind));
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
