#include "tests/testing/emulator/http_request.h"

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <utility>

namespace mom::testing {
namespace {

namespace http = boost::beast::http;
using Parser = http::request_parser<http::string_body>;

constexpr std::uint64_t kMaxBody = 64 * 1024 * 1024;

template <typename View>
std::string ToString(const View& view) {
  return std::string(view.data(), view.size());
}

// Feeds what is in `inbox`; false: it is not HTTP.
bool Feed(Parser& parser, std::string& inbox) {
  while (!inbox.empty() && !parser.is_done()) {
    boost::system::error_code error;
    const std::size_t used = parser.put(asio::buffer(inbox), error);
    inbox.erase(0, used);
    if (error == http::error::need_more) return true;
    if (error) return false;
  }
  return true;
}

HttpRequest Convert(Parser& parser) {
  auto message = parser.release();
  HttpRequest request;
  request.keep_alive = message.keep_alive();
  request.record.method = ToString(message.method_string());
  request.record.target = ToString(message.target());
  request.record.body = std::move(message.body());
  for (const auto& field : message) {
    request.record.headers.emplace_back(ToString(field.name_string()), ToString(field.value()));
  }
  return request;
}

}  // namespace

asio::awaitable<std::optional<HttpRequest>> ReadRequest(ClientSocket& client) {
  Parser parser;
  parser.eager(true);
  parser.body_limit(kMaxBody);
  while (true) {
    if (!Feed(parser, client.inbox())) {
      HttpRequest bad;
      bad.malformed = true;
      co_return bad;
    }
    if (parser.is_done()) co_return Convert(parser);
    const bool got = co_await client.ReadMore();
    if (!got) co_return std::nullopt;
  }
}

}  // namespace mom::testing
