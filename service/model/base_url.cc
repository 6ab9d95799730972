#include "service/model/base_url.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "service/base/address.h"
#include "service/base/ascii.h"
#include "service/base/units.h"

namespace mom {
namespace {

constexpr std::string_view kChatPath = "/chat/completions";

bool IsUrlText(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return c > ' ' && c < 0x7F && c != '"' && c != '\\' && c != '<' && c != '>';
  });
}

Status WrongUrl(const std::string& message) { return absl::InvalidArgumentError(message); }

// Splits "HOST", "HOST:PORT" or "[IPV6]:PORT"; nullopt where it is none of them.
std::optional<std::string> HostOf(std::string_view authority) {
  std::string_view host = authority;
  std::string_view port;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
  } else if (const std::size_t colon = authority.find(':'); colon != std::string_view::npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  if (host.empty()) return std::nullopt;
  if (port.empty()) return LowerCase(host);
  const std::optional<std::int64_t> number = ParseInteger(port.substr(1));
  if (port[0] != ':' || !number || *number < 1 || *number > 65535) return std::nullopt;
  return LowerCase(host);
}

}  // namespace

StatusOr<BaseUrl> ParseBaseUrl(const std::string& url) {
  std::string_view rest = url;
  const std::size_t scheme_end = rest.find("://");
  if (scheme_end == std::string_view::npos) {
    return WrongUrl(
        "has no scheme; write https:// in front (http:// for a server on this machine)");
  }
  const std::string scheme = LowerCase(rest.substr(0, scheme_end));
  if (scheme != "https" && scheme != "http") {
    return WrongUrl("is no web address; write https:// (http:// for a server on this machine)");
  }
  rest.remove_prefix(scheme_end + 3);
  const std::size_t authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  const std::string_view authority = rest.substr(0, authority_end);
  std::string_view path = rest.substr(authority_end);
  if (authority.find('@') != std::string_view::npos) {
    return WrongUrl("contains a user or password; leave it out and write the key as api_key");
  }
  if (path.find_first_of("?#") != std::string_view::npos) {
    return WrongUrl("has a query or fragment; leave out everything from the ? or # on");
  }
  const std::optional<std::string> host = HostOf(authority);
  if (!host || !IsUrlText(rest)) {
    return WrongUrl("is no web address; write it as https://HOST/v1 or http://127.0.0.1:PORT/v1");
  }
  if (scheme == "http" && !IsLoopbackHost(*host)) {
    return WrongUrl(
        "would send key and conversation unencrypted to another machine; write https://");
  }
  while (path.ends_with('/')) path.remove_suffix(1);
  if (path.ends_with(kChatPath)) {
    return WrongUrl("ends with /chat/completions, which is added to it; leave that part out");
  }
  BaseUrl out;
  out.text = scheme + "://" + std::string(authority) + std::string(path);
  out.host = *host;
  out.has_path = !path.empty();
  return out;
}

bool HasVersion(std::string_view base_url) {
  std::size_t at = base_url.find('/', base_url.find("://") + 3);
  for (; at != std::string_view::npos; at = base_url.find('/', at + 1)) {
    const std::string_view part = base_url.substr(at);
    if (part.starts_with("/v") && part.size() > 2 && part[2] >= '0' && part[2] <= '9') return true;
  }
  return false;
}

}  // namespace mom
