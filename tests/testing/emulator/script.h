// What the provider emulator is told to answer. docs/emulator.md documents the same as JSON.
#ifndef MOM_TESTS_TESTING_EMULATOR_SCRIPT_H_
#define MOM_TESTS_TESTING_EMULATOR_SCRIPT_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "service/base/status.h"
#include "tests/testing/emulator/long_text.h"

namespace mom::testing {

using Milliseconds = std::chrono::milliseconds;

// One tool call of an answer. Its arguments are sent as they are, valid JSON or not.
struct ScriptedTool {
  std::string id = "call_1";
  std::string name = {};
  std::string arguments = "{}";
};

// What the answer claims to have used. Unset: prompt = a quarter of the bytes of the messages'
// text, completion = the tokens of the script.
struct ScriptedUsage {
  bool none = false;  // The answer carries no usage at all.
  std::optional<std::int64_t> prompt = {};
  std::optional<std::int64_t> completion = {};
  std::optional<std::int64_t> cached = {};     // Part of prompt.
  std::optional<std::int64_t> reasoning = {};  // Part of completion.
};

// How and where an answer breaks off.
struct ScriptedFault {
  enum class Kind {
    kNone,
    kReset,      // RST
    kClose,      // FIN, though the answer is not whole
    kStall,      // silence, until the client leaves
    kHalfClose,  // FIN, but the socket stays open for reading until the client leaves
    // Of HTTP/2. Before the first byte they say that the call is not accepted.
    kRefuse,  // RST_STREAM with REFUSED_STREAM; over HTTP/1.1 as kReset
    kGoAway,  // GOAWAY, then FIN once the other calls of the connection are over; else as kClose
  };
  Kind kind = Kind::kNone;
  // Where: once so many tokens, or bytes of the body, are sent. Neither: before the first byte of
  // the answer. Beyond the end: after the whole body, without the end of the HTTP message.
  std::optional<std::int64_t> after_tokens = {};
  std::optional<std::int64_t> after_bytes = {};
};

// Holds the answer until Emulator::Open(name).
struct ScriptedGate {
  std::string name = {};
  // Before the token of this index (0: headers and role are out already, if streamed; the number
  // of tokens: all but the finish is out). Unset: before the first byte of the answer.
  std::optional<std::int64_t> token = {};
};

// A write of the low-level form.
struct RawStep {
  LongText send = {};
  Milliseconds delay{0};  // before it
};

// The connection after a whole answer.
enum class AfterAnswer {
  kKeepAlive,
  kClose,  // "connection: close" is said, and done
  kDrop,   // closed without a word
};

// One answer. Made with designated initializers: {.text = "Hello there", .pace = 20ms}.
// What applies: `raw`, else `body`, else for a status other than 2xx `error`, else the rest.
struct ScriptedCall {
  // Only for requests whose last user message, or whose body, contains this text.
  std::string match = {};
  std::string match_body = {};

  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  Milliseconds delay{0};  // before the first byte

  // The model that the answer says it is from; empty: the one that was asked.
  std::string model = {};
  // What is said. Nothing of text, tokens, reasoning, tool_calls and error: a canned sentence.
  std::optional<std::string> text = {};
  std::vector<std::string> tokens = {};  // The text cut by hand; overrides `text`.
  int chunk_chars = 0;                   // Code points a token; 0: the text is cut before blanks.
  std::string reasoning = {};            // Comes first.
  std::string reasoning_field = "reasoning_content";
  std::vector<ScriptedTool> tool_calls = {};  // Come last.
  // Unset: "stop", or "tool_calls" where there are some. Empty: none is sent.
  std::optional<std::string> finish_reason = {};
  ScriptedUsage usage = {};
  std::optional<bool> done =
      {};  // Whether [DONE] ends the stream; unset: unless there was an error.

  // An error object (JSON text). With a status of 2xx it comes within the stream after so many
  // tokens and ends it; an answer that is not streamed then is the error alone.
  std::string error = {};
  std::int64_t error_after_tokens = 0;

  // An answer that is not streamed waits as long as its tokens would have taken, and then comes
  // whole.
  Milliseconds first_token_delay{0};
  Milliseconds pace{0};  // between tokens
  std::vector<ScriptedGate> gates = {};
  Milliseconds drip_every{0};  // Sent at this distance while it waits; 0: nothing. Not with gzip.
  std::optional<std::string> drip = {};  // What; unset: a comment (in plain JSON: a blank line).

  // The body is this instead, whatever was asked for; "content-type" is to be set in `headers`.
  std::optional<LongText> body = {};
  bool gzip = false;
  int split = 0;  // Bytes of the body a write (and HTTP chunk); 0: as few writes as there can be.
  std::optional<std::int64_t> content_length = {};  // Said instead of the truth; then closes.
  ScriptedFault fault = {};
  AfterAnswer connection = AfterAnswer::kKeepAlive;

  // These bytes instead of an HTTP answer; then closes.
  std::vector<RawStep> raw = {};
};

// The answers of every model. A value.
//
// The calls of a model are used in order, the last one again and again. Calls with the same `match`
// and `match_body` are an order of their own: a request goes to the first such group that fits it,
// else to the calls without a condition. The model "*" stands for all that are not named. Where
// nothing fits, the answer is a canned sentence.
class Script {
 public:
  // Appends a call of `model`.
  Script& Add(std::string model, ScriptedCall call);
  const std::map<std::string, std::vector<ScriptedCall>>& models() const { return models_; }

 private:
  std::map<std::string, std::vector<ScriptedCall>> models_;
};

// Reads the JSON form. kInvalidArgument names the JSON path that is wrong and what to write there.
StatusOr<Script> ParseScript(std::string_view json);
// The same from a file; the failure names it.
StatusOr<Script> LoadScript(const std::string& path);

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_SCRIPT_H_
