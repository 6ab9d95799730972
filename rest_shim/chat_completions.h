// POST /v1/chat/completions.
#ifndef MOM_REST_SHIM_CHAT_COMPLETIONS_H_
#define MOM_REST_SHIM_CHAT_COMPLETIONS_H_

#include <chrono>

#include "rest_shim/gateway_client.h"
#include "rest_shim/http_exchange.h"
#include "rest_shim/openai_request.h"
#include "rest_shim/openai_response.h"
#include "rest_shim/rest_config.h"
#include "rest_shim/sse_writer.h"

namespace mom::rest {

// The metadata that goes along with a request to the service.
CallMetadata MetadataOf(const HttpRequest& request);

// Translates a request, has the service answer it, and translates the answer. Nothing is decided
// here. `gateway` must outlive this.
class ChatCompletions final : public HttpHandler {
 public:
  ChatCompletions(GatewayClient& gateway, const RestConfig& config);

  // For the requests that begin from now on.
  void Configure(const RestConfig& config);
  asio::awaitable<void> Handle(HttpExchange& exchange) override;

 private:
  AnswerForm FormOf(const ChatCall& call) const;
  asio::awaitable<void> SendWhole(HttpExchange& exchange, ChatCall call);
  asio::awaitable<void> SendStream(HttpExchange& exchange, ChatCall call);

  GatewayClient& gateway_;
  std::chrono::milliseconds commit_after_;
  std::chrono::milliseconds keep_alive_;
  UsageKind usage_;
  bool shows_progress_ = false;
};

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_CHAT_COMPLETIONS_H_
