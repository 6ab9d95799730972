#include "tests/testing/emulator/answer.h"

#include <boost/beast/http/status.hpp>
#include <cstdio>

namespace mom::testing {
namespace http = boost::beast::http;

std::string HttpHead(const Head& head) {
  const auto status = static_cast<unsigned>(head.status);
  const auto reason = http::obsolete_reason(http::int_to_status(status));
  std::string text = "HTTP/1.1 " + std::to_string(status) + " ";
  text.append(reason.data(), reason.size()).append("\r\n");
  for (const auto& [name, value] : head.headers) {
    text.append(name).append(": ").append(value).append("\r\n");
  }
  return text + "\r\n";
}

std::string HttpChunk(std::string_view data) {
  char size[24];
  const int digits = std::snprintf(size, sizeof(size), "%zx\r\n", data.size());
  std::string chunk;
  chunk.reserve(data.size() + static_cast<std::size_t>(digits) + 2);
  return chunk.append(size, static_cast<std::size_t>(digits)).append(data).append("\r\n");
}

}  // namespace mom::testing
