// GET /healthz and /readyz.
#ifndef MOM_REST_SHIM_HEALTH_H_
#define MOM_REST_SHIM_HEALTH_H_

#include <functional>

#include "rest_shim/gateway_client.h"
#include "rest_shim/http_exchange.h"

namespace mom::rest {

// The shim lives: always 200.
class Healthz final : public HttpHandler {
 public:
  asio::awaitable<void> Handle(HttpExchange& exchange) override;
};

// Requests can be answered: 200 where this process does not drain and the service says SERVING,
// else 503.
class Readyz final : public HttpHandler {
 public:
  // `gateway` must outlive this.
  Readyz(GatewayClient& gateway, std::function<bool()> draining)
      : gateway_(gateway), draining_(std::move(draining)) {}
  asio::awaitable<void> Handle(HttpExchange& exchange) override;

 private:
  GatewayClient& gateway_;
  std::function<bool()> draining_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_HEALTH_H_
