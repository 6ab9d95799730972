// Reads HTTP/1.1 requests.
#ifndef MOM_TESTS_TESTING_EMULATOR_HTTP_REQUEST_H_
#define MOM_TESTS_TESTING_EMULATOR_HTTP_REQUEST_H_

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "tests/testing/emulator/client_socket.h"
#include "tests/testing/emulator/records.h"

namespace mom::testing {

struct HttpRequest {
  RecordedRequest record;  // Without id, model and stream.
  bool keep_alive = true;
  bool malformed = false;  // Not HTTP, or over 64 MiB.
};

// The next request on the connection; nullopt: the client left.
asio::awaitable<std::optional<HttpRequest>> ReadRequest(ClientSocket& client);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_HTTP_REQUEST_H_
