// The status line and the headers of a response, as they come line by line.
#ifndef MOM_NET_RESPONSE_HEAD_H_
#define MOM_NET_RESPONSE_HEAD_H_

#include <cstddef>
#include <string_view>

#include "service/net/http_client.h"

namespace mom {

// Skips interim responses (1xx) and trailers. Sans I/O; not thread-safe.
class ResponseHead {
 public:
  // Most bytes of all lines together, those of interim responses and trailers included.
  static constexpr std::size_t kMaxBytes = 64 * 1024;

  // Takes one line, its end included. kResourceExhausted above kMaxBytes; kUnavailable with reason
  // UPSTREAM_PROTOCOL for an encoding of the body that was not asked for: others than gzip and
  // deflate expand so far that one read would take more memory than a response may have.
  Status TakeLine(std::string_view line);
  // Whether the head of the final response is here.
  bool complete() const { return complete_; }
  int status() const { return status_; }
  HttpHeaders& headers() { return headers_; }

 private:
  void BeginResponse(std::string_view status_line);
  void TakeHeader(std::string_view line);
  Status End();

  std::size_t bytes_ = 0;
  int status_ = 0;
  HttpHeaders headers_;
  bool complete_ = false;
};

}  // namespace mom

#endif  // MOM_NET_RESPONSE_HEAD_H_
