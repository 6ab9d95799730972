// A client that sends and reads exactly what a test says, byte by byte.
#ifndef MOM_TESTS_TESTING_RAW_HTTP_CLIENT_H_
#define MOM_TESTS_TESTING_RAW_HTTP_CLIENT_H_

#include <cstdint>
#include <string>
#include <string_view>

namespace mom::testing {

// One blocking connection to 127.0.0.1. A read that gets nothing for 30 s fails the test. Not
// thread-safe.
class RawHttpClient {
 public:
  enum class End { kNone, kClosed, kReset };

  struct Response {
    int status = 0;  // 0: there was no whole head.
    std::string head;
    std::string body;  // Without the framing of chunks.
    bool whole = false;
  };

  explicit RawHttpClient(std::uint16_t port);
  ~RawHttpClient();
  RawHttpClient(const RawHttpClient&) = delete;
  RawHttpClient& operator=(const RawHttpClient&) = delete;

  void Send(std::string_view bytes);
  // Sends a request with a body; `headers` are lines that end with CRLF.
  void Post(std::string_view target, std::string_view body, std::string_view headers = "");
  void Get(std::string_view target);

  // The next response on the connection, or what there is of it when the server ends it.
  Response Read();
  // Everything up to and with `mark`; less where the server ends the connection before.
  std::string ReadUntil(std::string_view mark);
  // Everything until the server ends the connection.
  std::string ReadToEnd();
  // How the server ended the connection.
  End end() const { return end_; }

  void ShutdownSend();  // FIN
  void Close();
  void Reset();  // RST

 private:
  // Reads what is there; false: the connection has ended.
  bool Fill();
  std::string Take(std::size_t size);
  bool ReadChunks(Response& response);
  bool ReadLength(std::size_t length, Response& response);

  int socket_;
  std::string inbox_;
  End end_ = End::kNone;
};

// The path of the emulator's chat completions, and what a POST to it needs to say.
inline constexpr std::string_view kChat = "/v1/chat/completions";
std::string ChatBody(std::string_view model, bool stream, std::string_view text = "hi");

}  // namespace mom::testing

#endif  // MOM_TESTS_TESTING_RAW_HTTP_CLIENT_H_
