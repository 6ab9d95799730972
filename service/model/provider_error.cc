#include "service/model/provider_error.h"

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "service/base/ascii.h"
#include "service/base/reasons.h"

namespace mom {
namespace {

struct Meaning {
  StatusCode code;
  const char* reason;
  const char* sentence;
};

constexpr Meaning kContextLength{StatusCode::kInvalidArgument, reason::kContextLengthExceeded,
                                 "the conversation is longer than the model's context window"};
constexpr Meaning kAuth{StatusCode::kFailedPrecondition, reason::kUpstreamAuth,
                        "the provider rejects the key"};
constexpr Meaning kQuota{StatusCode::kResourceExhausted, reason::kUpstreamQuota,
                         "the account at the provider has no credit left"};
constexpr Meaning kModelNotFound{StatusCode::kFailedPrecondition, reason::kUpstreamModelNotFound,
                                 "the provider knows no such model"};
constexpr Meaning kNotFound{StatusCode::kFailedPrecondition, reason::kUpstreamModelNotFound,
                            "the provider has no such model, or nothing under this URL"};
constexpr Meaning kRateLimited{StatusCode::kResourceExhausted, reason::kUpstreamRateLimited,
                               "the provider asks to slow down"};
constexpr Meaning kOverloaded{StatusCode::kUnavailable, reason::kUpstreamOverloaded,
                              "the provider is overloaded"};
constexpr Meaning kFailed{StatusCode::kUnavailable, reason::kUpstreamError, "the provider failed"};
constexpr Meaning kBadRequest{StatusCode::kInvalidArgument, reason::kUpstreamBadRequest,
                              "the provider does not accept the request"};
constexpr Meaning kFlagged{StatusCode::kInvalidArgument, reason::kUpstreamBadRequest,
                           "the provider's moderation does not accept the request"};
constexpr Meaning kRedirect{StatusCode::kFailedPrecondition, reason::kUpstreamProtocol,
                            "the provider redirects, and redirects are never followed"};

bool ContainsAny(std::string_view text, std::initializer_list<std::string_view> needles) {
  return std::any_of(needles.begin(), needles.end(), [&](std::string_view needle) {
    return text.find(needle) != std::string_view::npos;
  });
}

bool IsContextLength(const std::string& names, const std::string& message) {
  return ContainsAny(names, {"context_length", "context_window", "exceed_context_size",
                             "prompt_too_long"}) ||
         ContainsAny(message, {"maximum context length", "context length", "context window",
                               "available context size", "prompt is too long", "input is too long",
                               "reduce the length of the messages", "maximum prompt length",
                               "input token count exceeds", "maximum number of tokens"});
}

// By the names that providers give to failures. Null: none that we know.
const Meaning* ByName(const std::string& names, const std::string& message) {
  if (IsContextLength(names, message)) return &kContextLength;
  if (ContainsAny(message, {"requires moderation", "input was flagged"})) return &kFlagged;
  if (ContainsAny(names, {"insufficient_quota", "credit_balance", "billing"})) return &kQuota;
  if (ContainsAny(names, {"rate_limit", "too_many_requests", "slow_down", "resource_exhausted"})) {
    return &kRateLimited;
  }
  if (ContainsAny(names, {"overloaded", "unavailable"})) return &kOverloaded;
  if (ContainsAny(names, {"api_key", "authentication", "unauthorized", "permission"})) {
    return &kAuth;
  }
  if (ContainsAny(names, {"model_not_found", "not_found_error"})) return &kModelNotFound;
  if (ContainsAny(names,
                  {"invalid_request", "invalid_prompt", "content_policy", "content_filter"})) {
    return &kBadRequest;
  }
  return nullptr;
}

// Of these statuses the body says more than the number.
const Meaning& OfClientError(const Meaning* named) {
  for (const Meaning* known : {&kContextLength, &kQuota, &kAuth, &kModelNotFound, &kFlagged}) {
    if (named == known) return *named;
  }
  return kBadRequest;
}

const Meaning& MeaningOf(int http_status, const Meaning* named) {
  switch (http_status) {
    case 401:
      return kAuth;
    case 403:
      return named == &kFlagged ? kFlagged : kAuth;
    case 402:
      return kQuota;
    case 404:
      return named == &kModelNotFound ? kModelNotFound : kNotFound;
    case 408:
    case 409:
      return kFailed;
    case 429:
      return named == &kQuota ? kQuota : kRateLimited;
    case 503:
    case 529:
      return kOverloaded;
    default:
      break;
  }
  if (http_status >= 500) return named == &kContextLength ? *named : kFailed;
  if (http_status >= 400) return OfClientError(named);
  if (http_status >= 300) return kRedirect;
  return named ? *named : kFailed;
}

// Whether a text is a path of parameters ("messages.0.content", "tools[1].function"): small
// letters, underscores and short indices, unlike keys and names of accounts.
bool IsParameter(std::string_view text) {
  constexpr std::size_t kMostBytes = 64;
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; };
  std::size_t digits = 0;
  for (const char c : text) {
    const bool is_digit = c >= '0' && c <= '9';
    digits = is_digit ? digits + 1 : 0;
    if (digits > 3 || (!is_digit && !is_letter(c) && c != '.' && c != '[' && c != ']'))
      return false;
  }
  return !text.empty() && text.size() <= kMostBytes && is_letter(text.front());
}

// Some report inside an answer the HTTP status that it should have had.
int StatusInCode(const std::string& code) {
  int status = 0;
  const char* end = code.data() + code.size();
  const bool whole = std::from_chars(code.data(), end, status).ptr == end;
  return whole && status >= 400 && status < 600 ? status : 0;
}

}  // namespace

Status MapProviderError(const ProviderError& error) {
  const std::string names = LowerCase(error.code + " " + error.type);
  const Meaning* named = ByName(names, LowerCase(error.message));
  const int status = error.http_status != 0 ? error.http_status : StatusInCode(error.code);
  const Meaning& meaning = MeaningOf(status, named);

  ErrorInfo info;
  info.reason = meaning.reason;
  info.retry_after = error.retry_after;
  std::string message = "inside its answer: ";
  if (error.http_status != 0) {
    info.metadata["http_status"] = std::to_string(error.http_status);
    message = "HTTP " + std::to_string(error.http_status) + ": ";
  }
  std::string sentence = meaning.sentence;
  if (&meaning == &kBadRequest && IsParameter(error.param)) {
    info.field = error.param;
    sentence = "the provider does not accept `" + error.param + "`";
  }
  // Clients look for these digits in texts of other errors, which may quote this one.
  if (error.http_status == 429) message.clear();
  return MakeError(meaning.code, message + sentence, std::move(info));
}

}  // namespace mom
