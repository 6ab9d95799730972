// The emulator's end of a client's connection.
#ifndef MOM_TESTS_TESTING_EMULATOR_CLIENT_SOCKET_H_
#define MOM_TESTS_TESTING_EMULATOR_CLIENT_SOCKET_H_

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "service/base/async_event.h"

namespace mom::testing {

// A read is armed all the time (up to a bound of bytes), so that the client's FIN or RST is seen at
// once, whatever else goes on; each counts as leaving, and ends all waits and writes. Bytes that
// arrive meanwhile are kept.
//
// Owned by shared pointers, one of them in the armed read. Thread: its executor's only. At most one
// coroutine may use it at a time.
class ClientSocket : public std::enable_shared_from_this<ClientSocket> {
 public:
  using Socket = asio::ip::tcp::socket;

  explicit ClientSocket(Socket socket)
      : socket_(std::move(socket)), wake_(socket_.get_executor()) {}

  // What was read; the user takes off what it has used.
  std::string& inbox() { return inbox_; }
  // Suspends until there is more in the inbox; false: the client left.
  asio::awaitable<bool> ReadMore();
  // Suspends until the bytes are handed to the kernel or the client left.
  asio::awaitable<void> Write(const std::string& bytes);
  // Suspends until the deadline passes, `*done` holds after a Wake(), or the client left. `done`
  // may be null.
  asio::awaitable<void> Wait(Deadline deadline, const bool* done);
  void Wake() { wake_.Set(); }

  // When it was seen that the client left.
  std::optional<std::chrono::steady_clock::time_point> gone_at() const { return gone_at_; }
  bool gone() const { return gone_at_.has_value(); }
  auto executor() { return socket_.get_executor(); }

  void ShutdownSend();  // FIN
  void Close();         // FIN; nothing more is read
  void Reset();         // RST

 private:
  void ArmRead();
  void OnRead(const boost::system::error_code& error, std::size_t size);
  void ClientLeft();

  Socket socket_;
  AsyncEvent wake_;
  std::array<char, 16384> chunk_;
  std::string inbox_;
  bool reading_ = false;
  std::optional<std::chrono::steady_clock::time_point> gone_at_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_CLIENT_SOCKET_H_
