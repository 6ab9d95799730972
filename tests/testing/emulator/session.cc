#include "tests/testing/emulator/session.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <memory>
#include <utility>

#include "tests/testing/emulator/client_socket.h"
#include "tests/testing/emulator/connection_count.h"
#include "tests/testing/emulator/http1_session.h"
#include "tests/testing/emulator/http2_session.h"

namespace mom::testing {
namespace {

asio::awaitable<void> Serve(std::shared_ptr<ClientSocket> socket, Stage& stage) {
  const auto count = std::make_shared<ConnectionCount>(stage.journal);
  const bool agreed = co_await socket->Handshake();
  if (agreed && socket->speaks_http2()) {
    co_await ServeHttp2(socket, stage, count);
  } else if (agreed) {
    co_await ServeHttp1(socket, stage, *count);
  }
  socket->Close();
}

}  // namespace

void StartSession(asio::ip::tcp::socket socket, asio::ssl::context* tls, Stage& stage) {
  const auto executor = socket.get_executor();
  auto client = std::make_shared<ClientSocket>(std::move(socket), tls);
  asio::co_spawn(executor, Serve(std::move(client), stage), asio::detached);
}

}  // namespace mom::testing
