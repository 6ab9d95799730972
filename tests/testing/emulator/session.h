// Serves one connection of a client.
#ifndef MOM_TESTS_TESTING_EMULATOR_SESSION_H_
#define MOM_TESTS_TESTING_EMULATOR_SESSION_H_

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include "tests/testing/emulator/stage.h"

namespace mom::testing {

// Answers the socket's requests, on its executor, until either side closes: HTTP/2 where the client
// chose it in the TLS handshake, else HTTP/1.1. `tls` is null for none, and not used after the
// call. `stage` must outlive the io_context.
void StartSession(boost::asio::ip::tcp::socket socket, boost::asio::ssl::context* tls,
                  Stage& stage);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_SESSION_H_
