// A connection alone, over a socket that the test has prepared.
#include "rest_shim/http_connection.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <string>
#include <utility>

namespace mom::rest {
namespace {

using asio::ip::tcp;

class NoHandler final : public HttpHandler {
 public:
  asio::awaitable<void> Handle(HttpExchange&) override {
    ADD_FAILURE() << "there is no whole request";
    co_return;
  }
};

// Writes until nothing more fits into the two sockets' buffers; gives how much did.
std::size_t Fill(tcp::socket& socket) {
  socket.non_blocking(true);
  const std::string junk(64 * 1024, 'x');
  std::size_t filled = 0;
  for (const std::size_t piece : {junk.size(), std::size_t{1}}) {
    boost::system::error_code error;
    while (!error) filled += socket.write_some(asio::buffer(junk, piece), error);
    EXPECT_EQ(error, asio::error::would_block);
  }
  return filled;
}

// It cannot be told to go on, as it does not read: that must not cost it the reason.
TEST(HttpConnectionTest, WhoWaitsForA100WhenTheDrainIsOverIsToldSo) {
  asio::io_context loop;
  NoHandler handler;
  HttpServer server(loop, handler, HttpLimits());
  tcp::acceptor acceptor(loop, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  tcp::socket client(loop);
  client.connect(acceptor.local_endpoint());
  tcp::socket accepted = acceptor.accept();
  // Set sizes do not grow by themselves.
  accepted.set_option(tcp::socket::send_buffer_size(16 * 1024));
  client.set_option(tcp::socket::receive_buffer_size(16 * 1024));
  const std::size_t filled = Fill(accepted);
  const std::string head =
      "POST /v1/chat/completions HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n";
  asio::write(client, asio::buffer(head));

  HttpConnection connection(std::move(accepted), server);
  asio::co_spawn(loop, connection.Run(), asio::detached);
  for (int i = 0; i < 10; ++i) loop.poll();
  connection.EndReading();

  std::string seen(filled + 64 * 1024, '\0');
  std::size_t size = 0;
  boost::system::error_code error;
  client.non_blocking(true);
  while (!error || error == asio::error::would_block) {
    loop.poll();
    size += client.read_some(asio::buffer(&seen[size], seen.size() - size), error);
  }
  EXPECT_EQ(error, asio::error::eof);
  EXPECT_EQ(seen.substr(filled, 13), "HTTP/1.1 503 ");
  client.close();
  loop.run();
}

}  // namespace
}  // namespace mom::rest
