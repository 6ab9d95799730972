// A TCP server of a test's own: it says byte by byte what the test tells it to.
#ifndef MOM_TESTS_NET_RAW_SERVER_H_
#define MOM_TESTS_NET_RAW_SERVER_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace mom::testing {

namespace asio = boost::asio;

// The server's end of one connection.
class RawConnection {
 public:
  explicit RawConnection(asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  // Reads a head and the body that its content-length announces. Throws where the client closes.
  asio::awaitable<std::string> ReadRequest();
  // Throws where the client has gone.
  asio::awaitable<void> Write(std::string bytes);
  // Suspends until the client has closed or reset the connection; bytes are dropped.
  asio::awaitable<void> WaitForClose();
  void Close();
  void Reset();  // closes with a RST
  asio::ip::tcp::socket& socket() { return socket_; }

 private:
  asio::ip::tcp::socket socket_;
  std::string unread_;
};

// Listens on a free loopback port from its construction to its destruction, which ends all
// connections too. Each connection runs the script, with its number from 0; a script may end by a
// boost::system::system_error, and its connection closes when it ends.
class RawServer {
 public:
  using Script = std::function<asio::awaitable<void>(RawConnection& connection, int number)>;

  RawServer(asio::io_context& context, Script script);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  std::uint16_t port() const;
  std::string Url(const std::string& scheme = "http") const;
  int accepted() const;

 private:
  struct State;
  static asio::awaitable<void> Accept(std::shared_ptr<State> state);
  static asio::awaitable<void> Serve(std::shared_ptr<State> state,
                                     std::shared_ptr<RawConnection> connection, int number);
  std::shared_ptr<State> state_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_NET_RAW_SERVER_H_
