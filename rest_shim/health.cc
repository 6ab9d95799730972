#include "rest_shim/health.h"

#include <utility>

#include "rest_shim/openai_error.h"
#include "service/base/json_writer.h"
#include "service/base/reasons.h"

namespace mom::rest {
namespace {

HttpResponse StatusResponse(const char* status) {
  JsonWriter json;
  json.BeginObject().Field("status", status).EndObject();
  HttpResponse response;
  response.body = json.TakeString();
  return response;
}

}  // namespace

asio::awaitable<void> Healthz::Handle(HttpExchange& exchange) {
  HttpResponse response = StatusResponse("ok");
  co_await exchange.Send(std::move(response));
}

asio::awaitable<void> Readyz::Handle(HttpExchange& exchange) {
  Status status;
  if (draining_()) {
    status = MakeError(StatusCode::kUnavailable, "mom-rest is shutting down; use another instance.",
                       reason::kShuttingDown);
  } else {
    status = co_await gateway_.CheckHealth();
  }
  HttpResponse response = status.ok() ? StatusResponse("ready") : ErrorResponse(ApiErrorOf(status));
  co_await exchange.Send(std::move(response));
}

}  // namespace mom::rest
