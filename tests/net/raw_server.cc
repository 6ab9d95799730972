#include "tests/net/raw_server.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <utility>
#include <vector>

namespace mom::testing {
namespace {

using asio::ip::tcp;

std::size_t ContentLength(const std::string& head) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + kName.size()));
}

}  // namespace

asio::awaitable<std::string> RawConnection::ReadRequest() {
  auto buffer = asio::dynamic_buffer(unread_);
  const std::size_t head =
      co_await asio::async_read_until(socket_, buffer, "\r\n\r\n", asio::use_awaitable);
  const std::size_t size = head + ContentLength(unread_.substr(0, head));
  while (unread_.size() < size) {
    std::string more(64 * 1024, '\0');
    const auto space = asio::buffer(more);
    more.resize(co_await socket_.async_read_some(space, asio::use_awaitable));
    unread_ += more;
  }
  std::string request = unread_.substr(0, size);
  unread_.erase(0, size);
  co_return request;
}

asio::awaitable<void> RawConnection::Write(std::string bytes) {
  const auto all = asio::buffer(bytes);
  co_await asio::async_write(socket_, all, asio::use_awaitable);
}

asio::awaitable<void> RawConnection::WaitForClose() {
  boost::system::error_code error;
  std::string dropped(4096, '\0');
  while (!error) {
    const auto space = asio::buffer(dropped);
    auto token = asio::redirect_error(asio::use_awaitable, error);
    co_await socket_.async_read_some(space, token);
  }
  // Closed by the test's own end, not by the client.
  if (error == asio::error::operation_aborted) throw boost::system::system_error(error);
}

void RawConnection::Close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void RawConnection::Reset() {
  socket_.set_option(tcp::socket::linger(true, 0));
  Close();
}

struct RawServer::State {
  State(asio::io_context& context, Script s)
      : acceptor(context, tcp::endpoint(asio::ip::address_v4::loopback(), 0)),
        script(std::move(s)) {}
  tcp::acceptor acceptor;
  Script script;
  std::vector<std::weak_ptr<RawConnection>> connections;
};

RawServer::RawServer(asio::io_context& context, Script script)
    : state_(std::make_shared<State>(context, std::move(script))) {
  asio::co_spawn(context, Accept(state_), asio::detached);
}

RawServer::~RawServer() {
  boost::system::error_code ignored;
  state_->acceptor.close(ignored);
  for (const auto& weak : state_->connections) {
    if (const auto connection = weak.lock()) connection->Close();
  }
}

std::uint16_t RawServer::port() const { return state_->acceptor.local_endpoint().port(); }

std::string RawServer::Url(const std::string& scheme) const {
  return scheme + "://127.0.0.1:" + std::to_string(port()) + "/v1/x";
}

int RawServer::accepted() const { return static_cast<int>(state_->connections.size()); }

asio::awaitable<void> RawServer::Accept(std::shared_ptr<State> state) {
  while (state->acceptor.is_open()) {
    boost::system::error_code error;
    auto token = asio::redirect_error(asio::use_awaitable, error);
    tcp::socket socket = co_await state->acceptor.async_accept(token);
    if (error) co_return;
    socket.set_option(tcp::no_delay(true));
    auto connection = std::make_shared<RawConnection>(std::move(socket));
    const int number = static_cast<int>(state->connections.size());
    state->connections.push_back(connection);
    asio::co_spawn(state->acceptor.get_executor(), Serve(state, connection, number),
                   asio::detached);
  }
}

asio::awaitable<void> RawServer::Serve(std::shared_ptr<State> state,
                                       std::shared_ptr<RawConnection> connection, int number) {
  try {
    co_await state->script(*connection, number);
  } catch (const boost::system::system_error&) {
    // The client or the test has closed the connection.
  }
  connection->Close();
}

}  // namespace mom::testing
