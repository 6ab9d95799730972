// Serves a connection that speaks HTTP/1.1.
#ifndef MOM_TESTS_TESTING_EMULATOR_HTTP1_SESSION_H_
#define MOM_TESTS_TESTING_EMULATOR_HTTP1_SESSION_H_

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "tests/testing/emulator/client_socket.h"
#include "tests/testing/emulator/connection_count.h"
#include "tests/testing/emulator/stage.h"

namespace mom::testing {

// Answers its requests one after the other, until one of them ends the connection or the client
// leaves.
asio::awaitable<void> ServeHttp1(std::shared_ptr<ClientSocket> socket, Stage& stage,
                                 ConnectionCount& count);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_HTTP1_SESSION_H_
