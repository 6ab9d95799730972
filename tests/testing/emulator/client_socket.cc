#include "tests/testing/emulator/client_socket.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace mom::testing {
namespace {

// More is not read ahead of its use.
constexpr std::size_t kMaxInbox = 1024 * 1024;

}  // namespace

asio::awaitable<bool> ClientSocket::ReadMore() {
  const std::size_t before = inbox_.size();
  ArmRead();
  while (inbox_.size() == before && !gone()) {
    wake_.Clear();
    co_await wake_.Wait();
  }
  co_return inbox_.size() > before;
}

asio::awaitable<void> ClientSocket::Write(const std::string& bytes) {
  if (gone()) co_return;
  boost::system::error_code error;
  auto token = asio::redirect_error(asio::use_awaitable, error);
  co_await asio::async_write(socket_, asio::buffer(bytes), token);
  if (error) ClientLeft();
}

asio::awaitable<void> ClientSocket::Wait(Deadline deadline, const bool* done) {
  while (!gone() && !deadline.Passed() && (done == nullptr || !*done)) {
    wake_.Clear();
    co_await wake_.Wait(deadline);
  }
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
  if (reading_ || gone() || inbox_.size() >= kMaxInbox) return;
  reading_ = true;
  socket_.async_read_some(
      asio::buffer(chunk_),
      [self = shared_from_this()](const boost::system::error_code& error, std::size_t size) {
        self->OnRead(error, size);
      });
}

void ClientSocket::OnRead(const boost::system::error_code& error, std::size_t size) {
  reading_ = false;
  if (error) return ClientLeft();
  inbox_.append(chunk_.data(), size);
  wake_.Set();
  ArmRead();
}

void ClientSocket::ClientLeft() {
  if (!gone()) gone_at_ = std::chrono::steady_clock::now();
  // Ends the write that waits for a client that is no more. Cancelling it would not do: between two
  // parts of a write there is nothing to cancel.
  Close();
  wake_.Set();
}

}  // namespace mom::testing
