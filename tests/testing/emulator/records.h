// What the emulator tells of what happened.
#ifndef MOM_TESTS_TESTING_EMULATOR_RECORDS_H_
#define MOM_TESTS_TESTING_EMULATOR_RECORDS_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "tests/testing/emulator/answer.h"

namespace mom::testing {

// Times are offsets from the emulator's start.
using Offset = std::chrono::microseconds;

// A request that was read whole, admin requests excepted.
struct RecordedRequest {
  std::uint64_t id = 0;  // 1, 2, ... in order of arrival.
  std::string method;
  std::string target;
  std::string http = "1.1";  // Its version, or "2".
  HeaderList headers;        // Secrets included. Names as the client wrote them.
  std::string body;
  std::string model;  // Empty: no chat completion request.
  bool stream = false;
  Offset at{0};

  // The value of the first such header, in any case; empty: there is none.
  std::string Header(std::string_view name) const;
};

// A chat completion call that ended: what a provider would have billed. For a status other than
// 2xx both counts of tokens are 0. The prompt is billed from the call's acceptance on, whatever
// becomes of its answer.
struct Invoice {
  std::uint64_t request_id = 0;
  std::string model;
  int status = 0;  // 0: the call was not accepted (REFUSED_STREAM, GOAWAY).
  std::int64_t prompt_tokens = 0;
  // Made so far: with a streamed answer, those sent.
  std::int64_t completion_tokens = 0;
  bool complete = false;       // The whole answer was written, and no fault was scripted.
  bool cut_by_client = false;  // The client left first.
  // From the client's FIN or RST to this row; 0 where it did not cut.
  std::chrono::microseconds notice{0};
  Offset started{0};
  Offset ended{0};
};

// What goes on now, and sums since the start or the last reset. Connections that carried nothing
// but admin requests are not counted.
struct EmulatorState {
  int open_connections = 0;
  int active_calls = 0;  // Read, and without an invoice so far.
  std::uint64_t connections = 0;
  std::uint64_t requests = 0;
  std::uint64_t invoices = 0;
  std::uint64_t cut_by_client = 0;
  std::int64_t tokens = 0;          // Completion tokens of all calls, ended or not.
  std::map<std::string, int> held;  // Gate -> answers that wait there now.
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_RECORDS_H_
