// The frames of an HTTP/2 connection.
#ifndef MOM_TESTS_TESTING_EMULATOR_HTTP2_CONNECTION_H_
#define MOM_TESTS_TESTING_EMULATOR_HTTP2_CONNECTION_H_

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/testing/emulator/answer.h"
#include "tests/testing/emulator/client_socket.h"
#include "tests/testing/emulator/records.h"

namespace mom::testing {

// What a connection tells of one of its streams. Called from inside the connection; must not call
// it back.
class Http2StreamEvents {
 public:
  virtual ~Http2StreamEvents() = default;
  // Moves up to `most` bytes of the body into `out`; 0: there are none now. `*last` becomes true
  // where none will follow.
  virtual std::size_t TakeBody(std::uint8_t* out, std::size_t most, bool* last) = 0;
  // All that was taken is handed to the kernel.
  virtual void Flushed() = 0;
  // The stream is closed, by whomever; nothing more is told.
  virtual void Closed() = 0;
};

// A request that was read whole.
struct Http2Request {
  std::int32_t stream = 0;
  RecordedRequest record;  // Without id, model and stream.
};

// The server's side, by libnghttp2. Writes on its own as long as there is something to write.
//
// Owned by shared pointers. Thread: its socket's executor's only.
class Http2Connection : public std::enable_shared_from_this<Http2Connection> {
 public:
  explicit Http2Connection(std::shared_ptr<ClientSocket> socket);
  ~Http2Connection();
  Http2Connection(const Http2Connection&) = delete;
  Http2Connection& operator=(const Http2Connection&) = delete;

  // Suspends until there are requests; none: the connection has ended.
  asio::awaitable<std::vector<Http2Request>> ReadRequests();
  // Who is told of a stream that has just been read; kept until it is closed.
  void Attach(std::int32_t stream, std::shared_ptr<Http2StreamEvents> events);

  void SubmitHead(std::int32_t stream, const Head& head);
  // There is more of the stream's body to take.
  void Resume(std::int32_t stream);
  // Bytes past all framing.
  void WriteRaw(const std::string& bytes);
  // What comes after the last byte of a stream's answer; `begun`: there was a first one.
  void End(std::int32_t stream, Ending ending, bool begun);
  // Closes all streams, as the connection has ended.
  void CloseStreams();
  // Lets go of them without a word, as all is being destroyed.
  void DropStreams() { streams_.clear(); }

 private:
  struct Callbacks;

  void GoAway(std::int32_t last_stream);
  void Pump();
  static asio::awaitable<void> PumpAll(std::shared_ptr<Http2Connection> self);
  std::string Collect();
  void TellFlushed();
  void CloseStream(std::int32_t stream);

  const std::shared_ptr<ClientSocket> socket_;
  nghttp2_session* session_ = nullptr;
  std::map<std::int32_t, RecordedRequest> incoming_;  // Not whole yet.
  std::vector<Http2Request> ready_;
  std::map<std::int32_t, std::shared_ptr<Http2StreamEvents>> streams_;
  std::string raw_;  // Of WriteRaw(), not written yet.
  bool pumping_ = false;
  bool closes_ = false;  // Once all is written.
};

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_EMULATOR_HTTP2_CONNECTION_H_
