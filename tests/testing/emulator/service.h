// What the emulator answers to a request, whichever way it came.
#ifndef MOM_TESTS_TESTING_EMULATOR_SERVICE_H_
#define MOM_TESTS_TESTING_EMULATOR_SERVICE_H_

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "tests/testing/emulator/client.h"
#include "tests/testing/emulator/records.h"
#include "tests/testing/emulator/stage.h"

namespace mom::testing {

// Answers a request and records it, unless it is an administrator's. True: the connection can carry
// another one.
asio::awaitable<bool> AnswerRequest(std::shared_ptr<Client> client, Stage& stage,
                                    RecordedRequest request);

// Answers what is no request; the connection is to be closed then.
asio::awaitable<void> AnswerMalformed(std::shared_ptr<Client> client);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_SERVICE_H_
