// The requests under /_emulator/ with which a test of another process looks in and steers.
#ifndef MOM_TESTS_TESTING_EMULATOR_ADMIN_H_
#define MOM_TESTS_TESTING_EMULATOR_ADMIN_H_

#include <string>
#include <string_view>

#include "tests/testing/emulator/records.h"
#include "tests/testing/emulator/stage.h"

namespace mom::testing {

// An answer of the emulator's own.
struct JsonReply {
  int status = 200;
  std::string body;
};

// Whether the request is for AnswerAdmin().
bool IsAdmin(const RecordedRequest& request);
// The answer; docs/emulator.md lists the requests.
JsonReply AnswerAdmin(Stage& stage, const RecordedRequest& request);

// {"error":{"message":...,"type":"invalid_request_error","param":null,"code":null}}
JsonReply ErrorReply(int status, std::string_view message);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_ADMIN_H_
