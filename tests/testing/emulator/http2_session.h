// Serves a connection that speaks HTTP/2.
#ifndef MOM_TESTS_TESTING_EMULATOR_HTTP2_SESSION_H_
#define MOM_TESTS_TESTING_EMULATOR_HTTP2_SESSION_H_

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "tests/testing/emulator/client_socket.h"
#include "tests/testing/emulator/connection_count.h"
#include "tests/testing/emulator/stage.h"

namespace mom::testing {

// Answers its requests, up to 100 at a time, until one of them ends the connection or the client
// leaves. `count` is held until the last answer is over.
asio::awaitable<void> ServeHttp2(std::shared_ptr<ClientSocket> socket, Stage& stage,
                                 std::shared_ptr<ConnectionCount> count);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_HTTP2_SESSION_H_
