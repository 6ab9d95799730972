#include "tests/testing/emulator/answer.h"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http/status.hpp>
#include <cstdio>

namespace mom::testing {
namespace http = boost::beast::http;

std::string JsonResponse(int status, std::string_view body) {
  const auto length = static_cast<std::int64_t>(body.size());
  return HttpHead(status, HeaderList(), "application/json", length).append(body);
}

std::string HttpHead(int status, const HeaderList& headers, std::string_view content_type,
                     std::optional<std::int64_t> length) {
  const auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(status)));
  std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
  head.append(reason.data(), reason.size());
  head += "\r\n";
  const bool has_type = std::any_of(headers.begin(), headers.end(), [](const auto& header) {
    return boost::beast::iequals(header.first, "content-type");
  });
  if (!has_type) head.append("content-type: ").append(content_type).append("\r\n");
  for (const auto& [name, value] : headers) {
    head.append(name).append(": ").append(value).append("\r\n");
  }
  if (length) return head + "content-length: " + std::to_string(*length) + "\r\n\r\n";
  return head + "transfer-encoding: chunked\r\n\r\n";
}

std::string HttpChunk(std::string_view data) {
  char size[24];
  const int digits = std::snprintf(size, sizeof(size), "%zx\r\n", data.size());
  std::string chunk;
  chunk.reserve(data.size() + static_cast<std::size_t>(digits) + 2);
  return chunk.append(size, static_cast<std::size_t>(digits)).append(data).append("\r\n");
}

}  // namespace mom::testing
