// An LLM provider for tests and benchmarks: a real socket server that answers by a script.
#ifndef MOM_TESTS_TESTING_EMULATOR_EMULATOR_H_
#define MOM_TESTS_TESTING_EMULATOR_EMULATOR_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "tests/testing/emulator/certificates.h"
#include "tests/testing/emulator/records.h"
#include "tests/testing/emulator/script.h"

namespace mom::testing {

struct EmulatorOptions {
  std::string listen = "127.0.0.1:0";  // HOST:PORT, a loopback address in digits; 0: any free port
  // Non-empty: it serves TLS too, with HTTP/2, on a port of its own for each kind of certificate,
  // and writes the certificate of the authority behind them to this file.
  std::string ca_file = {};
  int threads = 1;
  std::size_t keep = 10000;  // requests, and invoices, that are kept
};

// Serves from the constructor to the destructor, on threads of its own, speaking the OpenAI dialect
// under /v1 and the admin requests of docs/emulator.md under /_emulator. All members are
// thread-safe.
//
//   Emulator emulator(Script().Add("writer", {.text = "Hello there", .gates = {{"go", 1}}}));
//   ... let the gateway call emulator.base_url() ...
//   ASSERT_TRUE(emulator.WaitUntil([](const EmulatorState& s) { return s.held.contains("go"); }));
//   emulator.Open("go");
//
// The invoices are the oracle for all that concerns money, retries and cancellation.
class Emulator {
 public:
  // Throws boost::system::system_error where it cannot listen or write the file.
  explicit Emulator(const Script& script = Script(),
                    const EmulatorOptions& options = EmulatorOptions());
  // Breaks off what goes on.
  ~Emulator();
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;

  std::uint16_t port() const;
  std::string base_url() const;  // "http://127.0.0.1:PORT/v1"
  // "https://127.0.0.1:PORT/v1", where a server has such a certificate. Only with a ca_file.
  std::string base_url(Certificate kind) const;

  // From now on for new calls; its calls start with the first, and all gates are closed.
  void SetScript(const Script& script);
  // Lets pass what is held at the gate, now and later.
  void Open(const std::string& gate);
  // The script starts again, records are forgotten, all gates are closed.
  void Reset();

  std::vector<RecordedRequest> requests() const;
  std::vector<Invoice> invoices() const;  // In the order in which the calls ended.
  EmulatorState state() const;

  // Blocks until `condition` holds; false: it did not in time, which is a failed test. It must not
  // call the emulator.
  bool WaitUntil(const std::function<bool(const EmulatorState&)>& condition,
                 std::chrono::milliseconds timeout = std::chrono::seconds(30)) const;
  // The same for: no connection is open, so all calls have ended.
  bool WaitUntilAllClosed(std::chrono::milliseconds timeout = std::chrono::seconds(30)) const;

 private:
  class Server;
  std::unique_ptr<Server> server_;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_EMULATOR_H_
