// The id that ties a request's log lines, trace, headers and upstream calls together.
#ifndef MOM_BASE_REQUEST_ID_H_
#define MOM_BASE_REQUEST_ID_H_

#include <string>
#include <string_view>

namespace mom {

// 16 random bytes as hex from the thread's own generator, seeded by the system. Thread-safe.
std::string RandomHex();

// "req-" and 32 hex digits.
std::string NewRequestId();

// Whether a client's id may be taken over: 1 to 64 of A-Z a-z 0-9 _ and -.
bool IsValidRequestId(std::string_view id);

}  // namespace mom

#endif  // MOM_BASE_REQUEST_ID_H_
