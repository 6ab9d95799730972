// Serves one connection of a client.
#ifndef MOM_TESTS_TESTING_EMULATOR_SESSION_H_
#define MOM_TESTS_TESTING_EMULATOR_SESSION_H_

#include <boost/asio/ip/tcp.hpp>

#include "tests/testing/emulator/stage.h"

namespace mom::testing {

// Answers the socket's requests one after the other, on its executor, until either side closes.
// `stage` must outlive the io_context.
void StartSession(boost::asio::ip::tcp::socket socket, Stage& stage);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_SESSION_H_
