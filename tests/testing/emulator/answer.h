// An answer as it goes over the wire: bytes and the waits between them.
#ifndef MOM_TESTS_TESTING_EMULATOR_ANSWER_H_
#define MOM_TESTS_TESTING_EMULATOR_ANSWER_H_

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mom::testing {

// One wait and the write after it.
struct Step {
  std::chrono::milliseconds wait{0};
  std::string gate;  // Then held until this is open; empty: not held.
  std::string bytes;
  std::int64_t tokens = 0;  // Completion tokens that a provider has made with this.
};

// What becomes of the connection after the last step.
enum class Ending {
  kKeepAlive,
  kClose,      // the whole answer is out; FIN
  kCut,        // FIN, but the answer is not whole
  kReset,      // RST
  kStall,      // silence until the client leaves
  kHalfClose,  // FIN, then reading on until the client leaves
};

struct Answer {
  int status = 200;
  std::vector<Step> steps;
  Ending ending = Ending::kKeepAlive;
  std::int64_t prompt_tokens = 0;
  // Sent at this distance while an answer waits that has begun; empty: nothing is.
  std::string drip;
  std::chrono::milliseconds drip_every{0};
};

using HeaderList = std::vector<std::pair<std::string, std::string>>;

// A whole HTTP answer of the emulator's own, in JSON.
std::string JsonResponse(int status, std::string_view body);

// "HTTP/1.1 200 OK\r\n...\r\n\r\n". Without `length` the body is chunked. A content-type in
// `headers` stands before `content_type`.
std::string HttpHead(int status, const HeaderList& headers, std::string_view content_type,
                     std::optional<std::int64_t> length);

// One HTTP chunk.
std::string HttpChunk(std::string_view data);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_ANSWER_H_
