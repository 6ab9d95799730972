// mom-rest, put together.
#ifndef MOM_REST_SHIM_REST_SERVER_H_
#define MOM_REST_SHIM_REST_SERVER_H_

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>

#include "rest_shim/chat_completions.h"
#include "rest_shim/gateway_client.h"
#include "rest_shim/health.h"
#include "rest_shim/http_server.h"
#include "rest_shim/models.h"
#include "rest_shim/rest_config.h"
#include "rest_shim/router.h"
#include "service/base/status.h"

namespace mom::rest {

// The handlers on their routes, behind the HTTP server. Lives on `loop`, whose run() must have
// ended after Drain() when this is destroyed.
class RestServer {
 public:
  // What `config` says of limits counts, and `limits` beside that.
  RestServer(asio::io_context& loop, const RestConfig& config, HttpLimits limits = HttpLimits());

  // Goes by another config in all that begins from now on, except for what RestRestartKeys() names.
  // On the loop.
  void Reload(const RestConfig& config);

  // Listens at `rest.listen`; a service that is not there yet is no error.
  Status Start();
  std::uint16_t port() const { return http_.port(); }
  // Ends all in an orderly way: after `rest.drain_timeout`, requests that are left fail with
  // SHUTTING_DOWN.
  asio::awaitable<void> Drain();

 private:
  RestConfig config_;
  const HttpLimits limits_;
  std::unique_ptr<GatewayClient> gateway_;
  ChatCompletions chat_;
  Models models_;
  Healthz healthz_;
  Readyz readyz_;
  Router router_;
  HttpServer http_;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_REST_SERVER_H_
