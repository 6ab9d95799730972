#include "rest_shim/rest_server.h"

#include <chrono>
#include <utility>

#include "rest_shim/grpc_gateway_client.h"
#include "service/base/reasons.h"

namespace mom::rest {
namespace {

HttpLimits LimitsOf(const RestConfig& config, HttpLimits limits) {
  limits.body_bytes = config.max_body_bytes;
  limits.connections = static_cast<std::size_t>(config.max_connections);
  limits.memory = config.max_memory;
  return limits;
}

Status ShuttingDown() {
  ErrorInfo info;
  info.reason = reason::kShuttingDown;
  info.retry_after = std::chrono::seconds(1);
  return MakeError(StatusCode::kUnavailable, "mom-rest is shutting down; ask again.",
                   std::move(info));
}

}  // namespace

RestServer::RestServer(asio::io_context& loop, const RestConfig& config, HttpLimits limits)
    : config_(config),
      limits_(limits),
      gateway_(MakeGrpcGatewayClient(loop.get_executor(), config.service, config.timeout)),
      chat_(*gateway_, config_),
      models_(*gateway_),
      readyz_(*gateway_, [this] { return http_.draining(); }),
      router_(config.cors_origins),
      http_(loop, router_, LimitsOf(config, limits)) {
  router_.Add("POST", "/chat/completions", chat_);
  router_.Add("GET", "/models", models_);
  router_.Add("GET", "/models/*", models_);
  router_.Add("GET", "/healthz", healthz_);
  router_.Add("GET", "/readyz", readyz_);
}

void RestServer::Reload(const RestConfig& config) {
  config_ = config;
  gateway_->SetAnswerTimeout(config.timeout);
  chat_.Configure(config);
  router_.SetCorsOrigins(config.cors_origins);
  http_.SetLimits(LimitsOf(config, limits_));
}

Status RestServer::Start() { return http_.Listen(config_.listen); }

asio::awaitable<void> RestServer::Drain() {
  return http_.Drain(Deadline::After(config_.drain_timeout),
                     [this] { gateway_->EndCalls(ShuttingDown()); });
}

}  // namespace mom::rest
