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

using HeaderList = std::vector<std::pair<std::string, std::string>>;

enum class HttpVersion { kHttp1, kHttp2 };

// The status line and the headers of an answer.
struct Head {
  int status = 200;
  HeaderList headers;
};

// One wait and the write after it.
struct Step {
  std::chrono::milliseconds wait{0};
  std::string gate;          // Then held until this is open; empty: not held.
  std::optional<Head> head;  // Over HTTP/2, where it is no bytes.
  std::string bytes;
  std::int64_t times = 1;   // How often the bytes are written.
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
  kRefuse,     // REFUSED_STREAM; over HTTP/1.1 as kReset
  kGoAway,     // GOAWAY, which covers the call if it has begun, then FIN; over HTTP/1.1 as kCut
};

struct Answer {
  int status = 200;  // 0: the call is not accepted.
  std::vector<Step> steps;
  Ending ending = Ending::kKeepAlive;
  std::int64_t prompt_tokens = 0;
  // Sent at this distance while an answer waits that has begun; empty: nothing is.
  std::string drip;
  std::chrono::milliseconds drip_every{0};
};

// "HTTP/1.1 200 OK\r\n...\r\n\r\n".
std::string HttpHead(const Head& head);

// One HTTP chunk.
std::string HttpChunk(std::string_view data);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_ANSWER_H_
