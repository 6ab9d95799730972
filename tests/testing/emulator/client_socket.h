// The emulator's end of a client's connection.
#ifndef MOM_TESTS_TESTING_EMULATOR_CLIENT_SOCKET_H_
#define MOM_TESTS_TESTING_EMULATOR_CLIENT_SOCKET_H_

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/system/error_code.hpp>
#include <functional>
#include <memory>
#include <string>

#include "service/base/async_event.h"

namespace mom::testing {

// Bytes in and out, with TLS or without. A read is armed all the time (up to a bound of bytes), so
// that the client's FIN or RST is seen at once, whatever else goes on; each counts as leaving, and
// ends reads and writes. Bytes that arrive meanwhile are kept.
//
// Owned by shared pointers, one of them in the armed read. Thread: its executor's only. At most one
// coroutine may read and one may write at a time.
class ClientSocket : public std::enable_shared_from_this<ClientSocket> {
 public:
  using Socket = asio::ip::tcp::socket;

  // `tls`: null for none; not used after the construction.
  ClientSocket(Socket socket, asio::ssl::context* tls);
  ~ClientSocket();

  // Agrees on TLS, where there is some; false: that failed. To be called once, first.
  asio::awaitable<bool> Handshake();
  // Whether the client chose HTTP/2 in the handshake.
  bool speaks_http2() const;
  // Called once, when the client left.
  void OnLeft(std::function<void()> callback) { on_left_ = std::move(callback); }

  // What was read; the user takes off what it has used.
  std::string& inbox() { return inbox_; }
  // Suspends until there is more in the inbox; false: the client left.
  asio::awaitable<bool> ReadMore();
  // Suspends until the bytes are handed to the kernel or the client left.
  asio::awaitable<void> Write(const std::string& bytes);
  bool gone() const { return gone_; }
  auto executor() { return socket_.get_executor(); }

  void ShutdownSend();  // FIN
  void Close();         // FIN; nothing more is read
  void Reset();         // RST

 private:
  class Tls;

  void ArmRead();
  void OnRead(const boost::system::error_code& error, std::size_t size);
  void ClientLeft();

  Socket socket_;
  const std::unique_ptr<Tls> tls_;
  AsyncEvent arrived_;
  std::array<char, 16384> chunk_;
  std::string inbox_;
  std::function<void()> on_left_;
  bool reading_ = false;
  bool gone_ = false;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_CLIENT_SOCKET_H_
