#include "rest_shim/router.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "rest_shim/openai_error.h"

namespace mom::rest {
namespace {

bool Matches(std::string_view pattern, std::string_view path) {
  if (!pattern.ends_with("/*")) return pattern == path;
  const std::string_view prefix = pattern.substr(0, pattern.size() - 1);
  return path.size() > prefix.size() && path.starts_with(prefix);
}

// Whether a list of header names may be sent back as it came.
bool IsTokenList(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isalnum(c) || c == '-' || c == '_' || c == ',' || c == ' ';
  });
}

int HexValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace

std::string NormalPath(std::string_view path) {
  while (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
  if (path == "/v1") return "/";
  if (path.starts_with("/v1/")) path.remove_prefix(3);
  return std::string(path);
}

std::string DecodePercent(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape = text[i] == '%' && i + 2 < text.size();
    const int high = escape ? HexValue(text[i + 1]) : -1;
    const int low = escape ? HexValue(text[i + 2]) : -1;
    if (high < 0 || low < 0) {
      out.push_back(text[i]);
    } else {
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    }
  }
  return out;
}

Router::Router(std::vector<std::string> cors_origins) : cors_origins_(std::move(cors_origins)) {}

void Router::Add(std::string_view method, std::string_view pattern, HttpHandler& handler) {
  Route route;
  route.method = method;
  route.pattern = pattern;
  route.handler = &handler;
  routes_.push_back(route);
}

void Router::AddCorsHeaders(HttpExchange& exchange) const {
  const HttpRequest& request = exchange.request();
  const std::string origin(request.Header("origin"));
  if (cors_origins_.empty() || origin.empty()) return;
  exchange.AddHeader("vary", "origin");
  const bool allowed = std::any_of(cors_origins_.begin(), cors_origins_.end(),
                                   [&](const std::string& o) { return o == "*" || o == origin; });
  if (!allowed) return;
  exchange.AddHeader("access-control-allow-origin", origin);
  exchange.AddHeader("access-control-expose-headers",
                     "x-request-id, x-mom-strategy, x-mom-degraded, retry-after");
  if (request.method != "OPTIONS") return;
  const std::string_view asked = request.Header("access-control-request-headers");
  exchange.AddHeader("access-control-allow-methods", "GET, HEAD, POST, OPTIONS");
  exchange.AddHeader("access-control-allow-headers",
                     IsTokenList(asked) ? std::string(asked) : "authorization, content-type");
  exchange.AddHeader("access-control-max-age", "600");
}

asio::awaitable<void> Router::Handle(HttpExchange& exchange) {
  AddCorsHeaders(exchange);
  const HttpRequest& request = exchange.request();
  const std::string path = NormalPath(request.path);
  std::string_view method = request.method;
  if (method == "HEAD") method = "GET";
  std::string allow;
  for (const Route& route : routes_) {
    if (!Matches(route.pattern, path)) continue;
    exchange.SetRoute(route.pattern);
    if (route.method == method) {
      co_await route.handler->Handle(exchange);
      co_return;
    }
    allow.append(route.method).append(route.method == "GET" ? ", HEAD, " : ", ");
  }
  HttpResponse response;
  if (!allow.empty() && method == "OPTIONS") {
    response.status = 204;
    response.content_type.clear();
  } else {
    ApiError error;
    error.kind = allow.empty() ? ErrorKind::kRouteNotFound : ErrorKind::kMethodNotAllowed;
    response = ErrorResponse(error);
  }
  if (!allow.empty()) response.headers.emplace_back("allow", allow + "OPTIONS");
  co_await exchange.Send(std::move(response));
}

}  // namespace mom::rest
