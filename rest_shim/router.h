// Finds the handler of a request, and answers what belongs to none.
#ifndef MOM_REST_SHIM_ROUTER_H_
#define MOM_REST_SHIM_ROUTER_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "rest_shim/http_exchange.h"

namespace mom::rest {

// A path without trailing slashes and without a leading "/v1", with which clients' base URLs may or
// may not end: "/v1/models/" and "/models" are the same.
std::string NormalPath(std::string_view path);

// The value of %-escapes; malformed ones stay as they are.
std::string DecodePercent(std::string_view text);

// Answers OPTIONS, CORS, 404 and 405 itself, and HEAD where there is GET (a response to HEAD loses
// its body on the way out). Browsers' pages may call only from `cors_origins` ("*": all).
class Router final : public HttpHandler {
 public:
  explicit Router(std::vector<std::string> cors_origins);
  void SetCorsOrigins(std::vector<std::string> origins) { cors_origins_ = std::move(origins); }

  // `pattern`: a normal path, which must live as long as this; ending in "/*", it matches whatever
  // follows. `handler` must outlive this.
  void Add(std::string_view method, std::string_view pattern, HttpHandler& handler);

  asio::awaitable<void> Handle(HttpExchange& exchange) override;

 private:
  struct Route {
    std::string_view method;
    std::string_view pattern;
    HttpHandler* handler;
  };
  void AddCorsHeaders(HttpExchange& exchange) const;

  std::vector<std::string> cors_origins_;
  std::vector<Route> routes_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_ROUTER_H_
