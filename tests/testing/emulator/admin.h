// The requests under /_emulator/ with which a test of another process looks in and steers.
#ifndef MOM_TESTS_TESTING_EMULATOR_ADMIN_H_
#define MOM_TESTS_TESTING_EMULATOR_ADMIN_H_

#include <string>
#include <string_view>

#include "tests/testing/emulator/stage.h"

namespace mom::testing {

inline constexpr std::string_view kAdminPrefix = "/_emulator/";

// The HTTP answer to a request whose target starts with kAdminPrefix; docs/emulator.md lists them.
std::string AnswerAdmin(Stage& stage, std::string_view method, std::string_view target,
                        std::string_view body);

// {"error":{"message":...,"type":"invalid_request_error","param":null,"code":null}}
std::string ErrorResponse(int status, std::string_view message);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_ADMIN_H_
