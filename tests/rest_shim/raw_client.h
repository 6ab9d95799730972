// An HTTP client that knows only sockets, so that tests see and control every byte.
#ifndef MOM_TESTS_REST_SHIM_RAW_CLIENT_H_
#define MOM_TESTS_REST_SHIM_RAW_CLIENT_H_

#include <simdjson.h>

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mom::testing {

struct RawResponse {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;                            // of a chunked message: put together
  bool complete = true;                        // false: the connection ended before the message did

  std::string Header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

// A parsed JSON text that owns what it needs.
class Json {
 public:
  explicit Json(std::string_view text);
  // What stands at a JSON pointer ("/choices/0/index"), as JSON text; "" where nothing does.
  std::string At(std::string_view pointer) const;
  // The same of a string, without quotes.
  std::string Text(std::string_view pointer) const;

 private:
  simdjson::dom::parser parser_;
  simdjson::dom::element root_;
  bool good_ = false;
};

class RawClient {
 public:
  explicit RawClient(std::uint16_t port);
  ~RawClient();
  RawClient(RawClient&& other) noexcept;
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  void Send(std::string_view bytes);
  // A whole request; `headers` are lines with their ends.
  void Request(const std::string& method, const std::string& path, const std::string& headers = "",
               const std::string& body = "");
  void Post(const std::string& body, const std::string& headers = "");
  // Reads one response to its end. `head`: of a HEAD request.
  RawResponse Read(bool head = false);
  // Reads until what came since the last Read() contains `text`; gives all of it.
  std::string ReadUntil(std::string_view text);
  // Whether the server closed, with nothing more sent.
  bool AtEnd();
  void CloseWrite();
  void Close();

 private:
  bool Fill();
  int fd_ = -1;
  std::string buffer_;
};

// `data:` of each event of a stream's body, in order.
std::vector<std::string> Events(std::string_view body);

}  // namespace mom::testing

#endif  // MOM_TESTS_REST_SHIM_RAW_CLIENT_H_
