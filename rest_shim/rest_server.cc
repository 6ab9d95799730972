#include "rest_shim/rest_server.h"

#include <chrono>
#include <utility>

#include "rest_shim/grpc_gateway_client.h"
#include "service/base/reasons.h"

namespace mom::rest {
namespace {

HttpLimits WithBody(HttpLimits limits, std::int64_t bytes) {
  limits.body_bytes = bytes;
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
      gateway_(MakeGrpcGatewayClient(loop.get_executor(), config.service, config.timeout)),
      chat_(*gateway_, config_),
      models_(*gateway_),
      readyz_(*gateway_, [this] { return http_.draining(); }),
      router_(config.cors_origins),
      http_(loop, router_, WithBody(limits, config.max_body_bytes)) {
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
  http_.SetBodyLimit(config.max_body_bytes);
}

Status RestServer::Start() { return http_.Listen(config_.listen); }

asio::awaitable<void> RestServer::Drain() {
  return http_.Drain(Deadline::After(config_.drain_timeout),
                     [this] { gateway_->EndCalls(ShuttingDown()); });
}

}  // namespace mom::rest
