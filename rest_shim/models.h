// GET /v1/models and /v1/models/{id}.
#ifndef MOM_REST_SHIM_MODELS_H_
#define MOM_REST_SHIM_MODELS_H_

#include "rest_shim/gateway_client.h"
#include "rest_shim/http_exchange.h"

namespace mom::rest {

// Lists the mixtures and models, or shows the one that the path names. `gateway` must outlive this.
class Models final : public HttpHandler {
 public:
  explicit Models(GatewayClient& gateway) : gateway_(gateway) {}
  asio::awaitable<void> Handle(HttpExchange& exchange) override;

 private:
  GatewayClient& gateway_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_MODELS_H_
