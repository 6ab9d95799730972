#include "rest_shim/models.h"

#include <algorithm>
#include <string>
#include <utility>

#include "rest_shim/chat_completions.h"
#include "rest_shim/openai_error.h"
#include "rest_shim/openai_response.h"
#include "rest_shim/router.h"
#include "service/base/reasons.h"

namespace mom::rest {
namespace {

constexpr std::string_view kPrefix = "/models/";

Status NotFound(const std::string& name) {
  return MakeError(StatusCode::kNotFound,
                   "The model `" + name + "` does not exist. GET /v1/models lists those that do.",
                   reason::kModelNotFound);
}

StatusOr<std::string> Body(const v1::ListModelsResponse& models, const std::string& path) {
  if (!path.starts_with(kPrefix)) return ModelListJson(models);
  const std::string name = DecodePercent(path.substr(kPrefix.size()));
  const auto found = std::find_if(models.models().begin(), models.models().end(),
                                  [&](const v1::Model& model) { return model.name() == name; });
  if (found == models.models().end()) return NotFound(name);
  return ModelJson(*found);
}

}  // namespace

asio::awaitable<void> Models::Handle(HttpExchange& exchange) {
  const auto models = co_await gateway_.ListModels(MetadataOf(exchange.request()));
  const StatusOr<std::string> body =
      models.ok() ? Body(*models, NormalPath(exchange.request().path)) : models.status();
  HttpResponse response;
  if (body.ok()) {
    response.body = *body;
  } else {
    response = ErrorResponse(ApiErrorOf(body.status()));
  }
  co_await exchange.Send(std::move(response));
}

}  // namespace mom::rest
