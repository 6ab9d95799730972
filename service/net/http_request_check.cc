#include "service/net/http_request_check.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

#include "absl/strings/ascii.h"
#include "service/base/ascii.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

struct UrlDeleter {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlDeleter>;

Status Invalid(std::string_view message) {
  return MakeError(StatusCode::kInvalidArgument, message, reason::kInvalidArgument);
}

// A method or the name of a header (RFC 9110, section 5.6.2).
bool IsToken(std::string_view text) {
  constexpr std::string_view kPunctuation = "!#$%&'*+-.^_`|~";
  const auto allowed = [&](unsigned char c) {
    return absl::ascii_isalnum(c) || kPunctuation.find(static_cast<char>(c)) != kPunctuation.npos;
  };
  return !text.empty() && std::all_of(text.begin(), text.end(), allowed);
}

bool IsHeaderValue(std::string_view text) {
  const auto allowed = [](unsigned char c) { return absl::ascii_isprint(c) || c == '\t'; };
  return std::all_of(text.begin(), text.end(), allowed);
}

std::string Part(const Url& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

bool IsLoopback(std::string_view name) {
  const std::string host = LowerCase(name);
  return host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") ||
         host == "[::1]";
}

StatusOr<HttpTarget> ParseUrl(const std::string& text) {
  const Url url(curl_url());
  const bool is_text = text.find('\0') == std::string::npos;
  if (!is_text || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    return Invalid("the URL is malformed");
  }
  const std::string scheme = Part(url, CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") return Invalid("the URL is not http or https");
  HttpTarget target;
  target.tls = scheme == "https";
  target.loopback = IsLoopback(Part(url, CURLUPART_HOST));
  return target;
}

}  // namespace

StatusOr<HttpTarget> CheckHttpRequest(const HttpRequest& request) {
  if (!IsToken(request.method)) return Invalid("the HTTP method is malformed");
  for (const auto& [name, value] : request.headers) {
    if (!IsToken(name)) return Invalid("the name of a header is malformed");
    if (!IsHeaderValue(value)) return Invalid("the value of header " + name + " is malformed");
  }
  return ParseUrl(request.url);
}

}  // namespace mom
