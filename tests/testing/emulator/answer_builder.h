// Turns what a call says into the bytes and waits of an answer.
#ifndef MOM_TESTS_TESTING_EMULATOR_ANSWER_BUILDER_H_
#define MOM_TESTS_TESTING_EMULATOR_ANSWER_BUILDER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tests/testing/emulator/answer.h"
#include "tests/testing/emulator/long_text.h"
#include "tests/testing/emulator/script.h"

namespace mom::testing {

class GzipWriter;

// Called in the order of the wire; knows nothing of JSON or SSE. The one place of framing, gzip,
// splitting, and faults: once the scripted fault is reached, all further calls do nothing.
class AnswerBuilder {
 public:
  // `call` must outlive the builder.
  AnswerBuilder(const ScriptedCall& call, HttpVersion version);
  ~AnswerBuilder();

  void Pause(Milliseconds wait);
  // Stops at the gates of this position; nullopt: before the first byte.
  void Gates(std::optional<std::int64_t> token);

  // The head of a chunked body, which Body() then writes. With a scripted content-length, and over
  // HTTP/2, it is not chunked. `comment` is what drips while the answer waits, if the call says so
  // and not what.
  void ChunkedHead(std::string_view content_type, std::string_view comment);
  void Body(std::string_view data);
  // A whole answer whose length is known.
  void WholeBody(std::string_view content_type, const LongText& body);
  // Bytes as they are, in place of any HTTP. Each call is a write of its own.
  void Raw(const LongText& bytes);

  // Where a token starts, and what comes after the last one: the fault may be here.
  void TokenBoundary();
  void CountTokens(std::int64_t tokens);
  std::int64_t tokens() const { return tokens_; }

  // Ends the HTTP message, or breaks it off as scripted. To be called once, last.
  Answer Finish();

 private:
  void Cut() { cut_ = true; }
  void WriteHead(std::string_view content_type, std::optional<std::int64_t> length);
  // Writes a part of the body, `times` times, as far as the fault lets it pass.
  void Put(std::string_view data, std::int64_t times = 1);
  // Writes in pieces, each framed if the body is chunked. What is repeated is not cut.
  void Pieces(std::string_view data, std::int64_t times);
  void Write(std::string_view bytes);
  Ending FaultEnding() const;
  Ending WholeEnding() const;

  const ScriptedCall& call_;
  const HttpVersion version_;
  const bool faulty_;
  std::unique_ptr<GzipWriter> gzip_;
  Answer answer_;
  std::int64_t tokens_ = 0;
  std::int64_t body_bytes_ = 0;
  bool streamed_ = false;  // The body is written by Body().
  bool chunked_ = false;
  bool cut_ = false;
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_ANSWER_BUILDER_H_
