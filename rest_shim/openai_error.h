// Failures as OpenAI's clients know them. Nothing else makes `{"error": ...}`.
#ifndef MOM_REST_SHIM_OPENAI_ERROR_H_
#define MOM_REST_SHIM_OPENAI_ERROR_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "rest_shim/http_exchange.h"
#include "service/base/status.h"

namespace mom::rest {

// The rows of docs/errors.md.
enum class ErrorKind {
  kInvalidRequest,
  kContextLength,
  kBadKey,
  kNotAllowed,
  kModelNotFound,
  kRouteNotFound,
  kMethodNotAllowed,
  kMediaType,
  kBodyTooLarge,
  kHeadersTooLarge,
  kSlowRequest,
  kConflict,
  kRateLimited,
  kQuota,
  kClientGone,  // never sent: there is nobody left
  kInternal,
  kNotImplemented,
  kUpstream,
  kOverloaded,
  kTimeout,
};

// What a client gets. HTTP status, `type`, `code` and retry headers follow from the kind: clients
// retry by all four, so they must agree.
struct ApiError {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::string param;      // empty: null
  int retry_after_s = 0;  // 0: the kind's own; at most 60

  int http_status() const;
};

// Maps a failure of the service or of reading a request, by its reason first, then by its code.
// Text is passed on only where MoM wrote it for the caller, and never with words that clients take
// for another error.
ApiError ApiErrorOf(const Status& status);

// `{"error":{"message","type","param","code"}}`: a response's body, or an event of a stream.
std::string ErrorJson(const ApiError& error);

// The whole response, with Retry-After and x-should-retry where the kind has them.
HttpResponse ErrorResponse(const ApiError& error);

}  // namespace mom::rest

#endif  // MOM_REST_SHIM_OPENAI_ERROR_H_
