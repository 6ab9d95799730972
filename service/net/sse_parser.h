// Server-sent events: bytes in, events out.
#ifndef MOM_NET_SSE_PARSER_H_
#define MOM_NET_SSE_PARSER_H_

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "service/base/status.h"

namespace mom {

// One event. `id` and `retry` fields are read and dropped: nothing upstream uses them.
struct SseEvent {
  std::string event;  // empty: the default, "message"
  std::string data;   // several data lines joined by line feeds
};

// Parses a stream of UTF-8 bytes cut at any place, by the algorithm of the HTML standard
// (https://html.spec.whatwg.org/multipage/server-sent-events.html, "Interpreting an event stream"):
// LF, CRLF or CR end a line, one leading BOM is dropped, comments and events without data give
// nothing. One exception: a whole last line `data: [DONE]` that the end of the input cuts off from
// its blank line still counts. Bytes are passed on as they came, valid UTF-8 or not. Time is linear
// in the bytes, whatever they are. No I/O; not thread-safe.
class SseParser {
 public:
  // Most bytes of one event.
  explicit SseParser(std::size_t max_event_bytes = 1024 * 1024) : max_(max_event_bytes) {}

  // Takes bytes. kResourceExhausted once an event is too large; the parser is of no use then.
  Status Feed(std::string_view bytes);
  // The input has ended.
  void Finish();
  // The next complete event, in order; nullopt where more bytes are needed.
  std::optional<SseEvent> Next();

 private:
  void EndLine(std::string_view rest);
  void TakeLine(std::string_view line);
  void TakeField(std::string_view name, std::string_view value);
  void EndEvent();

  std::size_t max_;
  std::string line_;  // the line begun
  std::string data_;  // of the event begun
  std::string event_name_;
  bool has_data_ = false;
  bool at_start_ = true;   // a BOM may come
  bool after_cr_ = false;  // a line feed now belongs to the line before
  std::deque<SseEvent> ready_;
};

}  // namespace mom

#endif  // MOM_NET_SSE_PARSER_H_
