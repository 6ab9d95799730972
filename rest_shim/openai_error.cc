#include "rest_shim/openai_error.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "absl/strings/str_replace.h"
#include "service/base/ascii.h"
#include "service/base/json_writer.h"
#include "service/base/reasons.h"
#include "service/base/utf8.h"

namespace mom::rest {
namespace {

constexpr int kMaxRetryAfterSeconds = 60;  // clients ignore longer waits

struct Row {
  ErrorKind kind;
  int http_status;
  const char* type;
  const char* code;     // null: none
  int retry_after_s;    // 0: no Retry-After, unless the failure brings one
  bool never_retry;     // x-should-retry: false
  const char* message;  // where the failure's own text must not or cannot be used
};

// Clients retry on what `type` says as much as on the status; litellm retries every unusual 4xx
// that is not an invalid_request_error.
constexpr std::array kRows{
    Row{ErrorKind::kInvalidRequest, 400, "invalid_request_error", "invalid_value", 0, false,
        "The request is not valid; compare it with the API reference."},
    Row{ErrorKind::kContextLength, 400, "invalid_request_error", "context_length_exceeded", 0,
        false,
        "This model's maximum context length is exceeded by your messages. Please reduce the "
        "length of the messages."},
    Row{ErrorKind::kBadKey, 401, "authentication_error", "invalid_api_key", 0, false,
        "Incorrect API key provided. Send a key of this gateway as `Authorization: Bearer KEY`."},
    Row{ErrorKind::kNotAllowed, 403, "invalid_request_error", "permission_denied", 0, false,
        "This API key may not do that. Ask the operator of this gateway for access."},
    Row{ErrorKind::kModelNotFound, 404, "invalid_request_error", "model_not_found", 0, false,
        "The model does not exist. GET /v1/models lists those that do."},
    Row{ErrorKind::kRouteNotFound, 404, "invalid_request_error", "not_found", 0, false,
        "There is nothing at this address. Use POST /v1/chat/completions or GET /v1/models."},
    Row{ErrorKind::kMethodNotAllowed, 405, "invalid_request_error", "method_not_allowed", 0, false,
        "This address does not take this method. The Allow header lists those it takes."},
    Row{ErrorKind::kMediaType, 415, "invalid_request_error", "unsupported_media_type", 0, false,
        "The body must be JSON. Send it with `Content-Type: application/json`."},
    Row{ErrorKind::kBodyTooLarge, 413, "invalid_request_error", "request_too_large", 0, false,
        "The request is too large. Shorten it, or raise `rest.max_body_size` and "
        "`server.max_request_size`."},
    Row{ErrorKind::kHeadersTooLarge, 431, "invalid_request_error", "headers_too_large", 0, false,
        "The request's headers are too large. Send less than 32 KiB of them."},
    Row{ErrorKind::kSlowRequest, 408, "timeout_error", "request_timeout", 0, false,
        "The request did not arrive in time. Send it again."},
    Row{ErrorKind::kConflict, 409, "conflict_error", "conflict", 0, false,
        "The request conflicts with another one. Send it again."},
    Row{ErrorKind::kRateLimited, 429, "rate_limit_error", "rate_limit_exceeded", 3, false,
        "Rate limit reached. Wait as long as the Retry-After header says, then send it again."},
    Row{ErrorKind::kQuota, 429, "insufficient_quota", "insufficient_quota", 0, true,
        "The quota is used up. Top up the account at the model's provider, or wait for its next "
        "period."},
    Row{ErrorKind::kClientGone, 499, "server_error", nullptr, 0, true, "The client went away."},
    Row{ErrorKind::kInternal, 500, "server_error", nullptr, 0, true,
        "MoM failed on this request. Its log has more under this response's x-request-id."},
    Row{ErrorKind::kNotImplemented, 501, "server_error", "not_implemented", 0, true,
        "The MoM service does not know this call. Run mom-rest and momd of the same version."},
    Row{ErrorKind::kUpstream, 502, "server_error", "upstream_error", 0, true,
        "No model gave an answer. The log of momd says why, under this response's x-request-id."},
    Row{ErrorKind::kOverloaded, 503, "server_error", "overloaded", 3, false,
        "MoM cannot take this request now. Wait as long as the Retry-After header says, then send "
        "it again."},
    Row{ErrorKind::kTimeout, 504, "server_error", "timeout", 0, true,
        "The answer was not ready in time. Ask for less, or raise the `timeout` of the mixture and "
        "`rest.timeout`."},
};

const Row& RowOf(ErrorKind kind) {
  return *std::find_if(kRows.begin(), kRows.end(),
                       [&](const Row& row) { return row.kind == kind; });
}

// Kinds whose text MoM writes for the caller; it never holds a provider's own words.
bool KeepsMessage(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidRequest:
    case ErrorKind::kModelNotFound:
    case ErrorKind::kUpstream:
    case ErrorKind::kOverloaded:
    case ErrorKind::kTimeout:
      return true;
    default:
      return false;
  }
}

// Whether clients could take the text for another error than it is: litellm searches bodies.
bool IsMisleading(std::string_view message) {
  const std::string lower = LowerCase(message);
  for (std::string_view word : {"rate limit", "rate_limit", "ratelimit", "429", "litellm."}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

// Reasons that tell more than the code does. A model's own refusals (its key, its name, its
// parameters) are the operator's to mend, so they are never the caller's 4xx.
bool KindFromReason(const std::string& reason, StatusCode code, ErrorKind& kind) {
  if (reason == reason::kContextLengthExceeded) {
    kind = ErrorKind::kContextLength;
  } else if (reason == reason::kModelNotFound) {
    kind = ErrorKind::kModelNotFound;
  } else if (reason == reason::kUnsupportedInput) {
    kind = ErrorKind::kInvalidRequest;
  } else if (reason == "QUOTA" || reason == reason::kUpstreamQuota) {
    kind = ErrorKind::kQuota;
  } else if (reason == reason::kUpstreamRateLimited) {
    kind = ErrorKind::kRateLimited;
  } else if (reason == reason::kShuttingDown || reason == reason::kServiceUnreachable) {
    kind = ErrorKind::kOverloaded;
  } else if (reason == reason::kDeadline || reason.ends_with("_TIMEOUT")) {
    kind = ErrorKind::kTimeout;
  } else if (reason == reason::kAllMembersFailed || reason == reason::kAnswerCut) {
    kind = code == StatusCode::kDeadlineExceeded    ? ErrorKind::kTimeout
           : code == StatusCode::kResourceExhausted ? ErrorKind::kRateLimited
                                                    : ErrorKind::kUpstream;
  } else if (reason == reason::kEmptyCompletion || reason == reason::kMalformedToolCall ||
             reason.starts_with("UPSTREAM_")) {
    kind = ErrorKind::kUpstream;
  } else {
    return false;
  }
  return true;
}

ErrorKind KindFromCode(const Status& status, const std::string& reason) {
  switch (status.code()) {
    case StatusCode::kInvalidArgument:
    case StatusCode::kFailedPrecondition:
    case StatusCode::kOutOfRange:
      return ErrorKind::kInvalidRequest;
    case StatusCode::kUnauthenticated:
      return ErrorKind::kBadKey;
    case StatusCode::kPermissionDenied:
      return ErrorKind::kNotAllowed;
    case StatusCode::kNotFound:
      return ErrorKind::kRouteNotFound;
    case StatusCode::kAlreadyExists:
    case StatusCode::kAborted:
      return ErrorKind::kConflict;
    case StatusCode::kResourceExhausted:
      // The service always gives a reason; the transport, which limits sizes, never does.
      return reason.empty() ? ErrorKind::kBodyTooLarge : ErrorKind::kRateLimited;
    case StatusCode::kUnavailable:
    case StatusCode::kCancelled:  // by the service: a client that went away never gets here
      return ErrorKind::kOverloaded;
    case StatusCode::kDeadlineExceeded:
      return ErrorKind::kTimeout;
    case StatusCode::kUnimplemented:
      return ErrorKind::kNotImplemented;
    default:
      return ErrorKind::kInternal;
  }
}

// Fields of the service that OpenAI's form calls otherwise; "": that it has in the object around.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kRestNames{{
    {"audio", "input_audio"},
    {"extra_body_json", ""},
    {"extra_json", ""},
    {"function_name", "function.name"},
    {"image", "image_url"},
    {"max_output_tokens", "max_tokens"},
    {"mode", ""},
    {"parameters_json", "parameters"},
    {"raw_json", ""},
    {"schema_json", "schema"},
}};

std::string_view RestName(std::string_view name) {
  const auto* found = std::find_if(kRestNames.begin(), kRestNames.end(),
                                   [&](const auto& row) { return row.first == name; });
  return found == kRestNames.end() ? name : found->second;
}

// The service's path of a field as the REST form has it: "input.messages[2].role" is
// "messages.2.role".
std::string RestParam(std::string_view field) {
  for (std::string_view prefix : {"request.", "input.", "params."}) {
    if (field.starts_with(prefix)) field.remove_prefix(prefix.size());
  }
  std::string out;
  while (!field.empty()) {
    const std::size_t end = std::min(field.find_first_of(".[]"), field.size());
    const std::string_view name = RestName(field.substr(0, end));
    field.remove_prefix(std::min(end + 1, field.size()));
    if (name.empty()) continue;
    if (!out.empty()) out.push_back('.');
    out.append(name);
  }
  return out;
}

// The text of InvalidField() opens with the service's own path of the field.
std::string WithRestName(std::string text, const std::string& field) {
  const std::string own = "`" + field + "`";
  if (field.empty() || !text.starts_with(own)) return text;
  const std::string param = RestParam(field);
  return (param.empty() ? "The request body" : "`" + param + "`") + text.substr(own.size());
}

// The sentence by which clients know that they must shorten the conversation, with the numbers
// where the failure brings them.
std::string ContextMessage(const ErrorInfo& info) {
  const auto window = info.metadata.find("context_window");
  const auto tokens = info.metadata.find("prompt_tokens");
  if (window == info.metadata.end() || tokens == info.metadata.end()) {
    return RowOf(ErrorKind::kContextLength).message;
  }
  return "This model's maximum context length is " + window->second +
         " tokens. However, your messages resulted in " + tokens->second +
         " tokens. Please reduce the length of the messages.";
}

// Where the cause of a cut answer cannot be told.
constexpr char kCut[] = "The answer broke off before its end; discard it and send it again.";

// Whose limit it is, put into the row's own sentence: the provider's words are not passed on.
std::string LimitMessage(ErrorKind kind, const ErrorInfo& info) {
  constexpr std::string_view kMember = "member.";
  std::string models;
  for (const auto& [key, value] : info.metadata) {
    if (!key.starts_with(kMember)) continue;
    models += (models.empty() ? "" : ", ") + key.substr(kMember.size());
  }
  const auto model = info.metadata.find("model");
  const auto provider = info.metadata.find("provider");
  if (models.empty() && model != info.metadata.end() && provider != info.metadata.end()) {
    models = model->second + " at provider " + provider->second;
  }
  std::string text = RowOf(kind).message;
  if (!models.empty()) text.insert(text.find('.'), " (" + models + ")");
  return text;
}

std::string MessageFor(ErrorKind kind, const Status& status, const ErrorInfo& info) {
  if (kind == ErrorKind::kContextLength) return ContextMessage(info);
  if (kind == ErrorKind::kRateLimited || kind == ErrorKind::kQuota) return LimitMessage(kind, info);
  // One member's reason is no ground to hide the others'.
  const std::string text =
      absl::StrReplaceAll(MessageOf(status), {{reason::kUpstreamRateLimited, "asks to slow down"}});
  // Without a reason the text is gRPC's own: it speaks of sockets and is for the log.
  const bool usable = KeepsMessage(kind) && !info.reason.empty() && !text.empty();
  if (usable && IsMisleading(text) && info.reason == reason::kAnswerCut) return kCut;
  if (!usable || IsMisleading(text)) return RowOf(kind).message;
  return ToValidUtf8(WithRestName(text, info.field));
}

}  // namespace

int ApiError::http_status() const { return RowOf(kind).http_status; }

ApiError ApiErrorOf(const Status& status) {
  const ErrorInfo info = GetErrorInfo(status);
  ApiError error;
  if (!KindFromReason(info.reason, status.code(), error.kind)) {
    error.kind = KindFromCode(status, info.reason);
  }
  error.message = MessageFor(error.kind, status, info);
  error.param = error.kind == ErrorKind::kModelNotFound ? "model" : RestParam(info.field);
  if (info.retry_after) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(*info.retry_after).count();
    error.retry_after_s =
        static_cast<int>(std::clamp<std::int64_t>(seconds, 1, kMaxRetryAfterSeconds));
  }
  return error;
}

std::string ErrorJson(const ApiError& error) {
  const Row& row = RowOf(error.kind);
  JsonWriter json;
  json.BeginObject().Key("error").BeginObject();
  json.Field("message", error.message.empty() ? std::string(row.message) : error.message);
  json.Field("type", row.type);
  json.Key("param");
  if (error.param.empty()) {
    json.Null();
  } else {
    json.String(error.param);
  }
  json.Key("code");
  if (row.code == nullptr) {
    json.Null();
  } else {
    json.String(row.code);
  }
  json.EndObject().EndObject();
  return json.TakeString();
}

HttpResponse ErrorResponse(const ApiError& error) {
  const Row& row = RowOf(error.kind);
  HttpResponse response;
  response.status = row.http_status;
  response.body = ErrorJson(error);
  const bool retryable = row.http_status == 429 || row.http_status >= 502;
  const int wait = error.retry_after_s > 0 && retryable ? error.retry_after_s : row.retry_after_s;
  if (wait > 0) response.headers.emplace_back("retry-after", std::to_string(wait));
  if (row.never_retry) response.headers.emplace_back("x-should-retry", "false");
  return response;
}

}  // namespace mom::rest
