#include "tests/testing/emulator/client_socket.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string_view>
#include <utility>

namespace mom::testing {
namespace {

// More is not read ahead of its use.
constexpr std::size_t kMaxInbox = 1024 * 1024;

}  // namespace

class ClientSocket::Tls {
 public:
  Tls(Socket& socket, asio::ssl::context& context) : stream(socket, context) {}

  asio::ssl::stream<Socket&> stream;
};

ClientSocket::ClientSocket(Socket socket, asio::ssl::context* tls)
    : socket_(std::move(socket)),
      tls_(tls == nullptr ? nullptr : std::make_unique<Tls>(socket_, *tls)),
      arrived_(socket_.get_executor()) {}

ClientSocket::~ClientSocket() = default;

asio::awaitable<bool> ClientSocket::Handshake() {
  if (!tls_) co_return true;
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await tls_->stream.async_handshake(asio::ssl::stream_base::server, token);
  co_return !error;
}

bool ClientSocket::speaks_http2() const {
  if (!tls_) return false;
  const unsigned char* name = nullptr;
  unsigned size = 0;
  SSL_get0_alpn_selected(tls_->stream.native_handle(), &name, &size);
  return std::string_view(reinterpret_cast<const char*>(name), size) == "h2";
}

asio::awaitable<bool> ClientSocket::ReadMore() {
  const std::size_t before = inbox_.size();
  ArmRead();
  while (inbox_.size() == before && !gone_) {
    arrived_.Clear();
    co_await arrived_.Wait();
  }
  co_return inbox_.size() > before;
}

asio::awaitable<void> ClientSocket::Write(const std::string& bytes) {
  if (gone_) co_return;
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  const auto buffer = asio::buffer(bytes);
  if (tls_) {
    co_await asio::async_write(tls_->stream, buffer, token);
  } else {
    co_await asio::async_write(socket_, buffer, token);
  }
  if (error) ClientLeft();
}

void ClientSocket::ShutdownSend() {
  boost::system::error_code ignored;
  socket_.shutdown(Socket::shutdown_send, ignored);
}

void ClientSocket::Close() {
  boost::system::error_code ignored;
  socket_.close(ignored);
}

void ClientSocket::Reset() {
  boost::system::error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

void ClientSocket::ArmRead() {
  if (reading_ || gone_ || inbox_.size() >= kMaxInbox) return;
  reading_ = true;
  auto done = [self = shared_from_this()](const boost::system::error_code& error,
                                          std::size_t size) { self->OnRead(error, size); };
  if (tls_) {
    tls_->stream.async_read_some(asio::buffer(chunk_), std::move(done));
  } else {
    socket_.async_read_some(asio::buffer(chunk_), std::move(done));
  }
}

void ClientSocket::OnRead(const boost::system::error_code& error, std::size_t size) {
  reading_ = false;
  if (error) return ClientLeft();
  inbox_.append(chunk_.data(), size);
  arrived_.Set();
  ArmRead();
}

void ClientSocket::ClientLeft() {
  if (std::exchange(gone_, true)) return;
  // Ends the write that waits for a client that is no more. Cancelling it would not do: between two
  // parts of a write there is nothing to cancel.
  Close();
  arrived_.Set();
  if (on_left_) std::exchange(on_left_, nullptr)();
}

}  // namespace mom::testing
